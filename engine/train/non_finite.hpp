#pragma once

#include "engine/network/workspace.hpp"

namespace kernelgarten {

/// Throws NonFinite naming the first layer, in the order of the forward pass, whose output holds a
/// number that is infinite or not a number, and failing that the loss itself. For use after a
/// chunk of a batch of `batch` examples, on its lane, gave such a loss.
[[noreturn]] void report_non_finite_loss(const Network& network, const Workspace& workspace,
                                         Examples chunk, int lane, Index batch);

/// Throws NonFinite naming the first layer, as above, unless all outputs of a batch are finite
/// numbers. For a workspace that keeps them.
void check_finite_outputs(const Network& network, const Workspace& workspace, Examples batch);

/// Throws NonFinite naming the layer nearest to the loss whose gradient holds such a number.
[[noreturn]] void report_non_finite_gradient(const Network& network,
                                             std::span<const float> gradients);

}  // namespace kernelgarten
