// Made by tests/golden/make_golden.py with PyTorch 2.15.0, in double. Do not edit.
// Scores of samples for the inputs of sample_scores_golden_test.cpp.
#pragma once
// clang-format off

namespace kernelgarten::golden {

inline constexpr double mean_confidence[] = {
    0.489482813,
};
inline constexpr double class_shares[] = {
    0.075, 0.15, 0.125, 0.05, 0.05, 0.075, 0.075, 0.075, 0.225, 0.1,
};
inline constexpr double inception_score[] = {
    2.68771023,
};
inline constexpr double feature_mean[] = {
    0.0693301678, -0.0794367512, -0.0507389665, -0.0760195295, -0.0259688338, 0.0239226103,
};
inline constexpr double feature_covariance[] = {
    0.258781551, 0.0762214517, 0.00770498235, 0.00735772243, 0.0623595347, -0.101873531,
    0.0762214517, 0.340182149, 0.079646299, -0.0185685761, -0.0326980617, -0.0311756757,
    0.00770498235, 0.079646299, 0.338897438, -0.0628682539, 0.0332881246, 0.00981274534,
    0.00735772243, -0.0185685761, -0.0628682539, 0.257434294, -0.0342804979, -0.0195806594,
    0.0623595347, -0.0326980617, 0.0332881246, -0.0342804979, 0.26690854, -0.0527636397,
    -0.101873531, -0.0311756757, 0.00981274534, -0.0195806594, -0.0527636397, 0.382981776,
};
inline constexpr double frechet_distance[] = {
    4.16631768,
};

}  // namespace kernelgarten::golden
