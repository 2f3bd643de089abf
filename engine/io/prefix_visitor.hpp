#pragma once

#include "engine/io/state_visitor.hpp"

namespace kernelgarten {

/// Puts a prefix before every name, so that two parts of a model can use the same.
class PrefixVisitor : public StateVisitor {
 public:
  PrefixVisitor(StateVisitor& visit, std::string prefix)
      : visit_(visit), prefix_(std::move(prefix)) {}

  void same(const std::string& name, const std::string& value) override {
    visit_.same(prefix_ + name, value);
  }
  void floats(const std::string& name, const Shape& shape, std::span<float> values) override {
    visit_.floats(prefix_ + name, shape, values);
  }
  void number(const std::string& name, double& value, double most) override {
    visit_.number(prefix_ + name, value, most);
  }
  void count(const std::string& name, Index& value, Index most) override {
    visit_.count(prefix_ + name, value, most);
  }

 private:
  StateVisitor& visit_;
  std::string prefix_;
};

}  // namespace kernelgarten
