#include "engine/simd/instruction_set.hpp"

#include "engine/simd/lane_pack.hpp"

namespace kernelgarten {

const char* instruction_set() { return simd::Pack::arch_type::name(); }

}  // namespace kernelgarten
