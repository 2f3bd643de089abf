#include "engine/inspect/inspection.hpp"

#include <Eigen/Core>
#include <cmath>
#include <limits>

namespace kernelgarten {
namespace {

Eigen::Map<const Eigen::ArrayXf> as_array(std::span<const float> values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

}  // namespace

std::vector<LayerStatistics> layer_statistics(Network& network) {
  std::vector<LayerStatistics> all;
  for (const Stage& stage : network.stages()) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    LayerStatistics statistics{stage.name, kNone, kNone, kNone};
    if (stage.parameter_count > 0) {
      const Eigen::ArrayXd values = as_array(network.parameters_of(stage)).cast<double>();
      statistics.weight_mean = values.mean();
      statistics.weight_std = std::sqrt((values - values.mean()).square().mean());
      statistics.gradient_norm =
          as_array(network.gradients_of(stage)).cast<double>().matrix().norm();
    }
    all.push_back(statistics);
  }
  return all;
}

}  // namespace kernelgarten
