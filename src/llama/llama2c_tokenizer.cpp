#include "llama/llama2c_tokenizer.hpp"

#include <fmt/format.h>
#include <sentencepiece_processor.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>
#include <stdexcept>

#include "llama/mapped_file.hpp"
#include "support/atomic_file.hpp"

namespace ifstop::llama {
namespace {

constexpr std::string_view meta_space = "\xe2\x96\x81";  // U+2581, sentencepiece's space

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

bool is_byte_piece(std::string_view text) {
  return text.size() == 6 && text.starts_with("<0x") && text.back() == '>' &&
         std::isxdigit(static_cast<unsigned char>(text[3])) &&
         std::isxdigit(static_cast<unsigned char>(text[4]));
}

// The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding): a key of field
// number and wire type, then a varint (0), a length and its bytes (2), or 4 bytes (5).
class Message {
 public:
  Message& number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  Message& real(std::uint32_t field, float value) {
    varint(field << 3 | 5U);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Message& text(std::uint32_t field, std::string_view value) {
    varint(field << 3 | 2U);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

// Numbers of sentencepiece_model.proto.
enum PieceType : std::uint64_t { normal = 1, unknown = 2, control = 3, byte = 6 };

struct TypedText {
  std::string text;
  PieceType type;
};

TypedText sentencepiece_piece(std::size_t id, const std::string& text) {
  if (id == 0) return {"<unk>", unknown};
  if (id == 1) return {"<s>", control};
  if (id == 2) return {"</s>", control};
  if (is_byte_piece(text)) return {text, byte};
  return {replace_all(text, " ", meta_space), normal};
}

std::string model_proto(const std::vector<Piece>& pieces) {
  Message model;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    const auto piece = sentencepiece_piece(id, pieces[id].text);
    model.text(1, Message().text(1, piece.text).real(2, pieces[id].score).number(3, piece.type).bytes());
  }
  const bool bytes =
      std::any_of(pieces.begin(), pieces.end(), [](const auto& piece) { return is_byte_piece(piece.text); });
  Message trainer;  // model_type BPE, vocab_size, byte_fallback, unk_id, bos_id, eos_id, pad_id = -1
  trainer.number(3, 2)
      .number(4, pieces.size())
      .number(35, bytes ? 1 : 0)
      .number(40, 0)
      .number(41, 1)
      .number(42, 2);
  trainer.number(43, static_cast<std::uint64_t>(-1));
  Message normalizer;  // name, add_dummy_prefix, remove_extra_whitespaces, escape_whitespaces
  normalizer.text(1, "identity").number(3, 1).number(4, 0).number(5, 1);
  return model.text(2, trainer.bytes()).text(3, normalizer.bytes()).bytes();
}

constexpr std::string_view tokenizer_config = R"({
  "add_bos_token": true,
  "add_eos_token": false,
  "bos_token": "<s>",
  "eos_token": "</s>",
  "tokenizer_class": "LlamaTokenizer",
  "unk_token": "<unk>"
}
)";

template <typename T>
T take(std::string_view& bytes, const std::string& where) {
  T value{};
  if (bytes.size() < sizeof value) throw std::runtime_error(where + ": is cut off");
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

}  // namespace

std::vector<Piece> read_llama2c_tokenizer(const std::filesystem::path& path, std::int64_t vocab_size) {
  const auto where = path.string();
  const MappedFile file(path);
  auto bytes = file.bytes();
  take<std::int32_t>(bytes, where);  // the longest piece
  std::vector<Piece> pieces;
  while (!bytes.empty()) {
    const auto score = take<float>(bytes, where);
    const auto length = take<std::int32_t>(bytes, where);
    if (length < 0 || static_cast<std::size_t>(length) > bytes.size())
      throw std::runtime_error(fmt::format("{}: piece {} is {} bytes long, but {} are left", where,
                                           pieces.size(), length, bytes.size()));
    pieces.push_back({std::string(bytes.substr(0, static_cast<std::size_t>(length))), score});
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  if (static_cast<std::int64_t>(pieces.size()) != vocab_size)
    throw std::runtime_error(
        fmt::format("{}: has {} pieces, but the model's vocabulary is {}", where, pieces.size(), vocab_size));
  if (vocab_size < 3)
    throw std::runtime_error(where + ": has no room for unknown, beginning and end of sequence");
  return pieces;
}

void write_sentencepiece(const std::vector<Piece>& pieces, const std::filesystem::path& folder) {
  const auto model = model_proto(pieces);
  sentencepiece::SentencePieceProcessor processor;
  if (const auto status = processor.LoadFromSerializedProto(model); !status.ok())
    throw std::runtime_error(fmt::format("{}: sentencepiece refuses the vocabulary: {}",
                                         (folder / "tokenizer.model").string(), status.error_message()));
  support::write_file(folder / "tokenizer.model", model);
  support::write_file(folder / "tokenizer_config.json", tokenizer_config);
}

void write_llama2c_tokenizer(const std::filesystem::path& sentencepiece_model, std::int64_t vocab_size,
                             const std::filesystem::path& path) {
  const auto where = sentencepiece_model.string();
  sentencepiece::SentencePieceProcessor processor;
  if (const auto status = processor.Load(where); !status.ok())
    throw std::runtime_error(fmt::format("{}: no sentencepiece model: {}", where, status.error_message()));
  if (processor.GetPieceSize() != vocab_size)
    throw std::runtime_error(fmt::format("{}: has {} pieces, but the model's vocabulary is {}", where,
                                         processor.GetPieceSize(), vocab_size));
  if (processor.unk_id() != 0 || processor.bos_id() != 1 || processor.eos_id() != 2)
    throw std::runtime_error(
        fmt::format("{}: unknown, beginning and end of sequence are ids {}, {}, {}; llama2.c needs 0, 1, 2",
                    where, processor.unk_id(), processor.bos_id(), processor.eos_id()));
  std::string body;
  std::int32_t longest = 0;
  const auto append = [&](const auto& value) {
    body.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  for (int id = 0; id < processor.GetPieceSize(); ++id) {
    auto text = replace_all(processor.IdToPiece(id), meta_space, " ");
    if (id == 1 || id == 2) text = "\n" + text + "\n";
    const auto length = static_cast<std::int32_t>(text.size());
    longest = std::max(longest, length);
    append(processor.GetScore(id));
    append(length);
    body += text;
  }
  support::AtomicFile file(path);
  file.write(&longest, sizeof longest);
  file.write(body);
  file.commit();
}

}  // namespace ifstop::llama
