#pragma once

namespace kernelgarten::bindings {

/// What JavaScript sees of a GAN.
void register_gan();

}  // namespace kernelgarten::bindings
