#include "engine/io/checkpoint.hpp"

#include <array>

#include "engine/tensor/check.hpp"

namespace kernelgarten {
namespace {

class StateWriter : public StateVisitor {
 public:
  void same(const std::string& name, const std::string& value) override {
    writer_.add_metadata(name, value);
  }
  void floats(const std::string& name, const Shape& shape, std::span<float> values) override {
    writer_.add<float>(name, shape, values);
  }
  void number(const std::string& name, double& value, double) override {
    writer_.add<double>(name, {}, {&value, 1});
  }
  void count(const std::string& name, Index& value, Index) override {
    const std::int64_t wide = value;
    writer_.add<std::int64_t>(name, {}, {&wide, 1});
  }
  std::vector<std::uint8_t> file() const { return writer_.file(); }

 private:
  SafetensorsWriter writer_;
};

/// A long text, such as a vocabulary, by its length.
std::string quoted(const std::string& text) {
  constexpr std::size_t kMostShown = 40;
  if (text.size() > kMostShown) return concat("another of ", text.size(), " bytes");
  return concat("'", text, "'");
}

/// Finds each part in the checkpoint and sees that it fits.
class StateComparer : public StateVisitor {
 public:
  explicit StateComparer(const Safetensors& checkpoint) : checkpoint_(checkpoint) {}

  void same(const std::string& name, const std::string& value) override {
    const auto found = checkpoint_.metadata.find(name);
    const std::string other = found == checkpoint_.metadata.end() ? "" : found->second;
    check(other == value, "[checkpoint] ", name, " must be ", quoted(value),
          " as in this model, got ", quoted(other));
  }
  void floats(const std::string& name, const Shape& shape, std::span<float>) override {
    find<float>(name, shape);
  }
  void number(const std::string& name, double&, double most) override {
    check_range(name, find_scalar<double>(name), most);
  }
  void count(const std::string& name, Index&, Index most) override {
    check_range<std::int64_t>(name, find_scalar<std::int64_t>(name), most);
  }

  /// Whatever the model does not have.
  void check_nothing_else() const {
    for (const auto& [name, tensor] : checkpoint_.tensors) {
      check(seen_.contains(name), "[", name,
            "] the checkpoint has it, but this network or its optimizer has not");
    }
  }

 protected:
  template <class T>
  const TensorView& find(const std::string& name, const Shape& shape) {
    seen_.insert(name);
    const auto found = checkpoint_.tensors.find(name);
    check(found != checkpoint_.tensors.end(), "[", name,
          "] the checkpoint does not have it; it is of another network or optimizer");
    const TensorView& tensor = found->second;
    check(tensor.dtype == kDtypeOf<T> && tensor.shape == shape, "[", name, "] expected ",
          to_string(kDtypeOf<T>), " (", to_string(shape), "), the checkpoint has ",
          to_string(tensor.dtype), " (", to_string(tensor.shape), ")");
    return tensor;
  }
  template <class T>
  T find_scalar(const std::string& name) {
    T value;
    find<T>(name, {}).copy_to(std::span(&value, 1));
    return value;
  }

 private:
  template <class T>
  static void check_range(const std::string& name, T value, T most) {
    check<InvalidData>(value >= 0 && value <= most, "[", name, "] expected a number from 0 to ",
                       most, ", got ", value);
  }

  const Safetensors& checkpoint_;
  std::set<std::string> seen_;
};

class StateTaker : public StateComparer {
 public:
  using StateComparer::StateComparer;

  void same(const std::string&, const std::string&) override {}
  void floats(const std::string& name, const Shape& shape, std::span<float> values) override {
    find<float>(name, shape).copy_to(values);
  }
  void number(const std::string& name, double& value, double) override {
    value = find_scalar<double>(name);
  }
  void count(const std::string& name, Index& value, Index) override {
    value = static_cast<Index>(find_scalar<std::int64_t>(name));
  }
};

}  // namespace

std::vector<std::uint8_t> write_checkpoint(const VisitState& state) {
  StateWriter writer;
  state(writer);
  return writer.file();
}

void check_checkpoint(const Safetensors& checkpoint, const VisitState& state) {
  StateComparer comparer(checkpoint);
  state(comparer);
  comparer.check_nothing_else();
}

void take_checkpoint(const Safetensors& checkpoint, const VisitState& state) {
  StateTaker taker(checkpoint);
  state(taker);
}

}  // namespace kernelgarten
