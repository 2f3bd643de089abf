#pragma once

#include "engine/network/network.hpp"

namespace kernelgarten {

/// The stages of a network as they are executed: neighbours that one layer can compute together are
/// one stage, with the name of the first. `stages` are those of `layers`, one each.
std::vector<Stage> fuse_stages(const std::vector<LayerSpec>& layers,
                               const std::vector<Stage>& stages);

}  // namespace kernelgarten
