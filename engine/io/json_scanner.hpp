#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kernelgarten {

/// As JSON writes a text: in quotes, with escapes.
std::string to_json(std::string_view text);

/// Reads JSON from its beginning to its end, told at each place what is to come: as much of it as
/// the header of a safetensors file has. Throws InvalidData where something else comes.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  void expect(char character);
  /// `"name":`
  void key(std::string_view name);
  /// A text; of the escapes \u only those of ASCII characters.
  std::string string();
  /// A whole number from 0 to `most`.
  std::uint64_t number(std::uint64_t most);
  /// Items between two brackets, with commas between them; `item` reads one.
  template <class Item>
  void list(char open, char close, Item item) {
    expect(open);
    if (accept(close)) return;
    do {
      item();
    } while (accept(','));
    expect(close);
  }
  /// Nothing but space may follow.
  void expect_end();

 private:
  [[noreturn]] void fail(const std::string& expected) const;
  void skip_space();
  /// The next character if it is this one, spaces before it left out.
  bool accept(char character);
  /// The next character, whatever it is.
  char next();
  char escaped();

  std::string_view text_;
  std::size_t place_ = 0;
};

}  // namespace kernelgarten
