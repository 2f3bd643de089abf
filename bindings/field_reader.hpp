#pragma once

#include <emscripten/val.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/network/spec.hpp"
#include "engine/tensor/check.hpp"

namespace kernelgarten::bindings {

using emscripten::val;

/// Reads the fields that a spec lists out of a JavaScript object. A field that is missing keeps its
/// default; one that is unknown or of another type throws InvalidArgument naming `where`.
class FieldReader {
 public:
  FieldReader(const val& object, std::string where) : object_(object), where_(std::move(where)) {
    check(object.typeOf().as<std::string>() == "object" && !object.isNull(), "[", where_,
          "] expected an object, got ", object.isNull() ? "null" : type_of(object));
  }

  template <class T>
  void operator()(const char* name, T& field) {
    known_ += known_.empty() ? name : concat(", ", name);
    const val value = object_[name];
    if (value.isUndefined()) return;
    read(name, value, field);
  }

  /// After all fields: whatever else the object has is a mistake. `ignored` names the keys that
  /// somebody else reads.
  void check_no_others(const std::vector<std::string>& ignored = {}) const {
    const val keys = val::global("Object").call<val>("keys", object_);
    for (int i = 0; i < keys["length"].as<int>(); ++i) {
      const auto key = keys[i].as<std::string>();
      const bool elsewhere = std::ranges::find(ignored, key) != ignored.end();
      const std::string listed = concat(", ", known_, ", ");
      const bool known = listed.find(concat(", ", key, ", ")) != std::string::npos;
      check(elsewhere || known, "[", where_, "] unknown field '", key,
            "'; the fields are: ", known_.empty() ? "none" : known_);
    }
  }

 private:
  static std::string type_of(const val& value) { return value.typeOf().as<std::string>(); }

  double number(const char* name, const val& value) const {
    check(value.isNumber(), "[", where_, "] ", name, " must be a number, got ", type_of(value));
    return value.as<double>();
  }

  double whole_number(const char* name, const val& value, double highest) const {
    const double result = number(name, value);
    check(result >= 0 && result <= highest && result == std::floor(result), "[", where_, "] ", name,
          " must be a whole number from 0 to ", highest, ", got ", result);
    return result;
  }

  void read(const char* name, const val& value, double& field) { field = number(name, value); }
  void read(const char* name, const val& value, Index& field) {
    field = static_cast<Index>(whole_number(name, value, 1 << 24));
  }
  void read(const char* name, const val& value, std::uint32_t& field) {
    field = static_cast<std::uint32_t>(whole_number(name, value, 4294967295.0));
  }
  void read(const char* name, const val& value, bool& field) {
    check(type_of(value) == "boolean", "[", where_, "] ", name, " must be true or false, got ",
          type_of(value));
    field = value.as<bool>();
  }
  void read(const char* name, const val& value, Shape& field) {
    check(value.isArray(), "[", where_, "] ", name, " must be a list of sizes, got ",
          type_of(value));
    field.clear();
    for (int i = 0; i < value["length"].as<int>(); ++i) {
      field.push_back(static_cast<Index>(whole_number(name, value[i], 1 << 24)));
    }
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void read(const char* name, const val& value, Enum& field) {
    std::string choices;
    const bool is_text = value.isString();
    for (std::size_t i = 0; i < kEnumNames<Enum>.size(); ++i) {
      if (is_text && value.as<std::string>() == kEnumNames<Enum>[i]) {
        field = static_cast<Enum>(i);
        return;
      }
      choices += concat(i == 0 ? "" : ", ", kEnumNames<Enum>[i]);
    }
    throw InvalidArgument(concat("[", where_, "] ", name, " must be one of ", choices, "; got ",
                                 is_text ? value.as<std::string>() : type_of(value)));
  }
  template <class Struct>
    requires requires(Struct& s, FieldReader& reader) { Struct::fields(s, reader); }
  void read(const char* name, const val& value, Struct& field) {
    FieldReader reader(value, concat(where_, " ", name));
    Struct::fields(field, reader);
    reader.check_no_others();
  }

  val object_;
  std::string where_;
  std::string known_;
};

}  // namespace kernelgarten::bindings
