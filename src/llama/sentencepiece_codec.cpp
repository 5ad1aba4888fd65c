// sentencepiece's tokenizer.model behind TextCodec.
#include <sentencepiece_processor.h>

#include <stdexcept>

#include "llama/text_codec.hpp"

namespace ifstop::llama {
namespace {

constexpr std::string_view space_symbol = "\xE2\x96\x81";  // U+2581, sentencepiece's space

class SentencepieceCodec : public TextCodec {
 public:
  SentencepieceCodec(std::string_view bytes_of_file, const std::string& where) : where_(where) {
    if (const auto status = processor_.LoadFromSerializedProto({bytes_of_file.data(), bytes_of_file.size()});
        !status.ok())
      throw std::runtime_error(where + ": not a sentencepiece model (" + status.ToString() +
                               "); tokenizer.model must be sentencepiece's");
    load_pieces();
    probe_leading_space();
    bos = processor_.bos_id();
    eos = processor_.eos_id();
    pad = processor_.pad_id();
  }

  std::vector<std::int64_t> encode(std::string_view text) const override {
    std::vector<int> pieces;
    const auto status = processor_.Encode({text.data(), text.size()}, &pieces);
    if (!status.ok()) throw std::runtime_error(where_ + ": cannot encode: " + status.ToString());
    return {pieces.begin(), pieces.end()};
  }

  std::int64_t id_of(const std::string& piece) const override {
    const int id = processor_.PieceToId(piece);
    return processor_.IsUnknown(id) && processor_.IdToPiece(id) != piece ? -1 : id;
  }

 private:
  void load_pieces() {
    const int size = processor_.GetPieceSize();
    for (int id = 0; id < size; ++id) {
      const std::string& piece = processor_.IdToPiece(id);
      std::string text;
      if (processor_.IsByte(id)) {  // "<0x0A>"
        text = static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16));
      } else if (processor_.IsUnknown(id)) {
        text = processor_.DecodeIds(std::vector<int>{id});
      } else if (!processor_.IsControl(id)) {
        for (std::size_t at = 0; at < piece.size();) {
          const bool space = piece.compare(at, space_symbol.size(), space_symbol) == 0;
          text += space ? ' ' : piece[at];
          at += space ? space_symbol.size() : 1;
        }
      }
      bytes.push_back(std::move(text));
      keeps_space.push_back(processor_.IsUnknown(id));
    }
  }

  // The public interface does not show the normaliser's settings, so ask what it does with leading spaces.
  void probe_leading_space() {
    const std::string one(space_symbol), word = one + "a";
    strips_one = processor_.DecodePieces(std::vector<std::string>{word}) == "a";
    strips_all = strips_one && processor_.DecodePieces(std::vector<std::string>{one, word}) == "a";
  }

  sentencepiece::SentencePieceProcessor processor_;
  std::string where_;
};

}  // namespace

std::unique_ptr<TextCodec> parse_sentencepiece(std::string_view bytes, const std::string& where) {
  return std::make_unique<SentencepieceCodec>(bytes, where);
}

}  // namespace ifstop::llama
