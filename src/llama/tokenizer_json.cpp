// tokenizer.json: byte-pair vocabularies, as Llama 3 has them, and those that stand for a sentencepiece
// model. What is not known is refused: a tokenizer that is nearly right makes a model nearly useless, in
// silence.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "llama/added_tokens.hpp"
#include "llama/bpe.hpp"
#include "llama/split_pattern.hpp"
#include "llama/text_codec.hpp"
#include "llama/utf8.hpp"

namespace ifstop::llama {
namespace {

using Json = nlohmann::json;

constexpr std::string_view space_symbol = "\xE2\x96\x81";  // U+2581
constexpr std::int64_t most_tokens = 2'000'000;

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(std::string_view key, const Json& value) {
  auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 200) {
    text.resize(200);
    while (!text.empty() && (text.back() & 0x80) != 0) text.pop_back();  // no half character
    text += " …";
  }
  throw Refused(fmt::format("\"{}\" is {}, which is not supported", key, text));
}

const Json& at(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) throw Refused(fmt::format("\"{}\" is missing", key));
  return object[key];
}

Json or_null(const Json& object, const std::string& key) {
  return object.is_object() && object.contains(key) ? object[key] : Json();
}

bool flag(const Json& object, const char* key, bool otherwise = false) {
  const auto value = or_null(object, key);
  if (value.is_null()) return otherwise;
  if (!value.is_boolean()) refuse(key, value);
  return value.get<bool>();
}

std::string type_of(const Json& object) {
  const auto type = or_null(object, "type");
  return type.is_string() ? type.get<std::string>() : std::string();
}

std::int64_t id_in(const Json& value, std::string_view key) {
  if (!value.is_number_integer()) refuse(key, value);
  const auto id = value.get<std::int64_t>();
  if (id < 0 || id >= most_tokens) refuse(key, value);
  return id;
}

// GPT-2's alphabet: printable bytes stand for themselves, the others are moved to U+0100 and on.
std::array<std::string, 256> byte_alphabet() {
  std::array<std::string, 256> letters;
  unsigned moved = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool plain = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    append_utf8(plain ? byte : moved++, letters[byte]);
  }
  return letters;
}

// The bytes that a piece in that alphabet stands for; nothing where it is not in it.
std::optional<std::string> plain_bytes(std::string_view piece) {
  static const auto table = [] {
    std::unordered_map<std::string, char> back;
    const auto letters = byte_alphabet();
    for (std::size_t byte = 0; byte < 256; ++byte) back[letters[byte]] = static_cast<char>(byte);
    return back;
  }();
  std::string out;
  while (!piece.empty()) {
    const auto length = std::max<std::size_t>(utf8_length(piece), 1);
    const auto found = table.find(std::string(piece.substr(0, length)));
    if (found == table.end()) return std::nullopt;
    out += found->second;
    piece.remove_prefix(length);
  }
  return out;
}

std::string with_spaces(std::string piece) {
  for (std::size_t place = 0; (place = piece.find(space_symbol, place)) != std::string::npos; ++place)
    piece.replace(place, space_symbol.size(), " ");
  return piece;
}

// "<0x0A>" -> the byte; -1 for any other piece.
int fallback_byte(const std::string& piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
  int value = 0;
  for (const char c : piece.substr(3, 2)) {
    const bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'F';
    if (!digit && !letter) return -1;
    value = value * 16 + (digit ? c - '0' : c - 'A' + 10);
  }
  return value;
}

// How text becomes words.
struct Cut {
  enum class Spaces { as_bytes, symbols };
  Spaces spaces = Spaces::as_bytes;  // bytes of an alphabet, or U+2581 for spaces and whole texts as words
  SplitPattern pattern = SplitPattern::gpt2;
  bool split = true;                                               // as_bytes: by the pattern
  bool space_in_front = false;                                     // as_bytes: where the text has none
  enum class Front { never, first, always } front = Front::never;  // symbols: U+2581 before a text
  bool front_even_if_there = false;  // symbols: also where the text begins with a space
};

Cut byte_level(const Json& json) {
  Cut cut;
  cut.split = flag(json, "use_regex", true);
  cut.space_in_front = flag(json, "add_prefix_space", true);
  return cut;
}

Cut metaspace(const Json& json) {
  Cut cut{.spaces = Cut::Spaces::symbols};
  if (or_null(json, "replacement") != Json(space_symbol)) refuse("replacement", or_null(json, "replacement"));
  if (flag(json, "split", true)) refuse("split", true);
  const auto scheme = or_null(json, "prepend_scheme");
  if (scheme == "first")
    cut.front = Cut::Front::first;
  else if (scheme == "always")
    cut.front = Cut::Front::always;
  else if (scheme != "never")
    refuse("prepend_scheme", scheme);
  return cut;
}

Cut split_then_bytes(const Json& json) {
  const auto& steps = at(json, "pretokenizers");
  if (!steps.is_array() || steps.size() != 2 || type_of(steps[0]) != "Split" ||
      type_of(steps[1]) != "ByteLevel")
    refuse("pre_tokenizer", json);
  Cut cut = byte_level(steps[1]);
  if (cut.split || cut.space_in_front) refuse("pre_tokenizer", json);
  const auto expression = or_null(or_null(steps[0], "pattern"), "Regex");
  const auto pattern = expression.is_string() ? split_pattern_from(expression.get<std::string>())
                                              : std::optional<SplitPattern>();
  if (!pattern || or_null(steps[0], "behavior") != "Isolated" || flag(steps[0], "invert"))
    refuse("pre_tokenizer", steps[0]);
  cut.split = true;
  cut.pattern = *pattern;
  return cut;
}

// Old conversions of sentencepiece models: a normalizer puts the symbols in.
bool prepends_and_replaces(const Json& normalizer) {
  const auto steps = or_null(normalizer, "normalizers");
  return type_of(normalizer) == "Sequence" && steps.is_array() && steps.size() == 2 &&
         steps[0] == Json{{"type", "Prepend"}, {"prepend", space_symbol}} &&
         steps[1] == Json{{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space_symbol}};
}

Cut cut_of(const Json& json) {
  const auto normalizer = or_null(json, "normalizer"), before = or_null(json, "pre_tokenizer");
  if (before.is_null() && prepends_and_replaces(normalizer))
    return {.spaces = Cut::Spaces::symbols, .front = Cut::Front::always, .front_even_if_there = true};
  if (!normalizer.is_null()) refuse("normalizer", normalizer);
  const auto type = type_of(before);
  if (type == "ByteLevel") return byte_level(before);
  if (type == "Metaspace") return metaspace(before);
  if (type == "Sequence") return split_then_bytes(before);
  refuse("pre_tokenizer", before);
}

std::vector<AddedToken> added_of(const Json& json) {
  std::vector<AddedToken> all;
  const auto list = or_null(json, "added_tokens");
  if (list.is_null()) return all;
  if (!list.is_array()) refuse("added_tokens", list);
  for (const auto& item : list) {
    const auto& content = at(item, "content");
    if (!content.is_string() || content.get<std::string>().empty()) refuse("added_tokens", item);
    all.push_back({content.get<std::string>(), id_in(at(item, "id"), "added_tokens"), flag(item, "special"),
                   flag(item, "lstrip"), flag(item, "rstrip"), flag(item, "single_word"),
                   flag(item, "normalized")});
  }
  return all;
}

std::vector<std::pair<std::string, std::string>> merges_of(const Json& model) {
  const auto& list = at(model, "merges");
  if (!list.is_array()) refuse("merges", list);
  std::vector<std::pair<std::string, std::string>> merges;
  for (const auto& item : list) {
    if (item.is_array() && item.size() == 2 && item[0].is_string() && item[1].is_string()) {
      merges.emplace_back(item[0].get<std::string>(), item[1].get<std::string>());
      continue;
    }
    if (!item.is_string()) refuse("merges", item);
    const auto text = item.get<std::string>();
    const auto space = text.find(' ');
    if (space == text.npos || text.find(' ', space + 1) != text.npos) refuse("merges", item);
    merges.emplace_back(text.substr(0, space), text.substr(space + 1));
  }
  return merges;
}

class JsonCodec : public TextCodec {
 public:
  explicit JsonCodec(const Json& json) : cut_(cut_of(json)), added_(added_of(json)) {
    const auto& model = at(json, "model");
    if (const auto type = or_null(model, "type"); !type.is_null() && type != "BPE")
      refuse("model.type", type);
    for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"})
      if (const auto value = or_null(model, key); !value.is_null() && value != "") refuse(key, value);
    read_pieces(model);
    read_added();
    read_decoder(or_null(json, "decoder"));
    read_post_processor(or_null(json, "post_processor"));
  }

  std::vector<std::int64_t> encode(std::string_view text) const override {
    std::vector<std::int64_t> ids;
    for (const auto& part : split_added(text, added_)) {
      if (part.id >= 0)
        ids.push_back(part.id);
      else
        encode_part(part.text, /*first=*/part.text.data() == text.data(), ids);
    }
    return ids;
  }

  std::int64_t id_of(const std::string& piece) const override {
    for (const auto& token : added_)
      if (token.content == piece) return token.id;
    if (cut_.spaces == Cut::Spaces::symbols) return bpe_->find(piece);
    const auto plain = plain_bytes(piece);
    return plain ? bpe_->find(*plain) : -1;
  }

 private:
  bool symbols() const { return cut_.spaces == Cut::Spaces::symbols; }

  void read_pieces(const Json& model) {
    const auto& vocabulary = at(model, "vocab");
    if (!vocabulary.is_object()) refuse("vocab", vocabulary);
    std::unordered_map<std::string, std::int64_t> pieces;
    for (const auto& [piece, value] : vocabulary.items()) {
      const auto id = id_in(value, "vocab");
      const auto plain = symbols() ? std::optional(piece) : plain_bytes(piece);
      if (!plain) continue;  // no text leads to it
      pieces[*plain] = id;
      const int byte = symbols() ? fallback_byte(piece) : -1;
      put(id, byte >= 0 ? std::string(1, static_cast<char>(byte)) : symbols() ? with_spaces(piece) : *plain);
    }
    auto merges = merges_of(model);
    if (!symbols())
      for (auto& [left, right] : merges) {
        const auto a = plain_bytes(left), b = plain_bytes(right);
        if (!a || !b) refuse("merges", Json{left, right});
        left = *a;
        right = *b;
      }
    Bpe::Options options{.start = symbols() ? Bpe::Start::characters : Bpe::Start::bytes,
                         .whole_words_first = flag(model, "ignore_merges")};
    if (symbols() && !flag(model, "byte_fallback")) refuse("byte_fallback", or_null(model, "byte_fallback"));
    if (const auto unknown = or_null(model, "unk_token"); unknown.is_string()) {
      const auto found = vocabulary.find(unknown.get<std::string>());
      if (found != vocabulary.end()) options.unknown = id_in(*found, "unk_token");
    }
    bpe_.emplace(std::move(pieces), merges, options);
  }

  void read_added() {
    for (const auto& token : added_) put(token.id, token.special ? "" : token.content);
    for (const auto& token : added_) keeps_space[static_cast<std::size_t>(token.id)] = true;
  }

  void put(std::int64_t id, std::string text) {
    const auto place = static_cast<std::size_t>(id);
    if (bytes.size() <= place) {
      bytes.resize(place + 1);
      keeps_space.resize(place + 1);
    }
    bytes[place] = std::move(text);
  }

  void read_decoder(const Json& decoder) {
    if (!symbols()) {
      if (!decoder.is_null() && type_of(decoder) != "ByteLevel") refuse("decoder", decoder);
      return;
    }
    const auto steps = or_null(decoder, "decoders");
    if (type_of(decoder) == "Metaspace") strips_one = cut_.front != Cut::Front::never;
    if (!steps.is_array()) return;
    for (const auto& step : steps)
      if (type_of(step) == "Strip") strips_one = or_null(step, "start") == 1;
  }

  // "<s> $A" and the like: what is put before a text. Nothing may come after it.
  void read_post_processor(const Json& json, bool nested = false) {
    const auto type = type_of(json);
    if (json.is_null() || type == "ByteLevel") return;
    if (type == "Sequence" && !nested && or_null(json, "processors").is_array()) {
      for (const auto& step : json["processors"]) read_post_processor(step, /*nested=*/true);
      return;
    }
    const auto single = or_null(json, "single");
    if (type != "TemplateProcessing" || !single.is_array()) refuse("post_processor", json);
    adds_bos = false;
    bool text_seen = false;
    for (const auto& step : single) {
      if (step.contains("Sequence")) {
        text_seen = true;
        continue;
      }
      const auto name = or_null(or_null(step, "SpecialToken"), "id");
      const auto key = name.is_string() ? name.get<std::string>() : std::string();
      const auto ids = or_null(or_null(or_null(json, "special_tokens"), key), "ids");
      if (text_seen || *adds_bos || !ids.is_array() || ids.size() != 1) refuse("post_processor", json);
      bos = id_in(ids[0], "post_processor");
      adds_bos = true;
    }
  }

  void encode_part(std::string_view text, bool first, std::vector<std::int64_t>& ids) const {
    if (symbols()) {
      std::string word;
      for (const char c : text) word += c == ' ' ? std::string(space_symbol) : std::string(1, c);
      const bool wanted = cut_.front == Cut::Front::always || (cut_.front == Cut::Front::first && first);
      if (wanted && (cut_.front_even_if_there || !word.starts_with(space_symbol)))
        word.insert(0, space_symbol);
      return bpe_->encode(word, ids);
    }
    std::string spaced;
    if (cut_.space_in_front && !text.starts_with(' ')) text = spaced = " " + std::string(text);
    if (!cut_.split) return bpe_->encode(text, ids);
    for (const auto word : split_words(text, cut_.pattern)) bpe_->encode(word, ids);
  }

  Cut cut_;
  std::vector<AddedToken> added_;
  std::optional<Bpe> bpe_;
};

}  // namespace

std::unique_ptr<TextCodec> parse_tokenizer_json(std::string_view text, const std::string& where) {
  try {
    return std::make_unique<JsonCodec>(Json::parse(text));
  } catch (const Json::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  } catch (const Refused& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
  }
}

}  // namespace ifstop::llama
