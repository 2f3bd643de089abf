// Made by tests/golden/make_golden.py with PyTorch 2.15.0, in double. Do not edit.
// Ten steps of recurrent networks, as recurrent_golden_test.cpp takes them.
#pragma once
// clang-format off

namespace kernelgarten::golden {

inline constexpr double simple_rnn_losses[] = {
    2.3328368, 2.32578274, 2.31884819, 2.31202383, 2.30530221, 2.29867646, 2.29213964, 2.28568494,
    2.27930579, 2.27299579,
};
inline constexpr double simple_rnn_norms[] = {
    0.277058528, 0.27181393, 0.267021156, 0.262634343, 0.258612843, 0.254929898, 0.251561284,
    0.248482775, 0.245672104, 0.243109615,
};
inline constexpr double simple_rnn_relu_losses[] = {
    2.31614225, 2.31244503, 2.30878612, 2.30551642, 2.30239573, 2.29933999, 2.29630657, 2.29330328,
    2.29030563, 2.28756629,
};
inline constexpr double simple_rnn_relu_norms[] = {
    0.19427496, 0.206841682, 0.196432597, 0.188534076, 0.182191347, 0.182115186, 0.192119775,
    0.18170322, 0.177657853, 0.16978419,
};
inline constexpr double lstm_losses[] = {
    2.30679004, 2.30425474, 2.30177376, 2.29934323, 2.29695952, 2.2946188, 2.292317, 2.29005003,
    2.28781395, 2.28560494,
};
inline constexpr double lstm_norms[] = {
    0.124800284, 0.122582446, 0.120480478, 0.118482326, 0.116583029, 0.114777784, 0.113061098,
    0.111426482, 0.109866949, 0.10837557,
};
inline constexpr double gru_losses[] = {
    2.29572815, 2.29172598, 2.28782586, 2.28402268, 2.28031166, 2.2766873, 2.27314443, 2.26967878,
    2.2662866, 2.26296431,
};
inline constexpr double gru_norms[] = {
    0.17127271, 0.16628181, 0.161559508, 0.157080205, 0.152831193, 0.1488044, 0.144985708,
    0.141359251, 0.137912258, 0.134635286,
};

}  // namespace kernelgarten::golden
