#include "ifstop/llama/tokenizer.hpp"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <stdexcept>

#include "ifstop/llama/special_tokens.hpp"
#include "llama/utf8.hpp"

namespace ifstop {

namespace {

constexpr std::string_view space_symbol = "\xE2\x96\x81";  // U+2581, sentencepiece's space
constexpr std::string_view replacement = "\xEF\xBF\xBD";   // U+FFFD

}  // namespace

struct Tokenizer::Data {
  sentencepiece::SentencePieceProcessor processor;
  std::string file;
  std::vector<std::string> bytes;  // of each id, as it continues a text
  bool strips_one = false;         // decoding drops one leading space
  bool strips_all = false;         // … or all of them
  std::int64_t bos = -1, pad = -1;
  std::vector<std::int64_t> eos;
  bool add_bos = false;

  void load_pieces();
  void probe_leading_space();
  void take(const SpecialTokens& special);
  std::int64_t id_of(const std::string& piece) const;
};

void Tokenizer::Data::load_pieces() {
  const int size = processor.GetPieceSize();
  for (int id = 0; id < size; ++id) {
    const std::string& piece = processor.IdToPiece(id);
    std::string text;
    if (processor.IsByte(id)) {  // "<0x0A>"
      text = static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16));
    } else if (processor.IsUnknown(id)) {
      text = processor.DecodeIds(std::vector<int>{id});
    } else if (!processor.IsControl(id)) {
      text = piece;
      for (std::size_t at = 0; (at = text.find(space_symbol, at)) != std::string::npos; ++at)
        text.replace(at, space_symbol.size(), " ");
    }
    bytes.push_back(std::move(text));
  }
}

// The public interface does not show the normaliser's settings, so ask what it does with leading spaces.
void Tokenizer::Data::probe_leading_space() {
  const std::string one(space_symbol), word = one + "a";
  strips_one = processor.DecodePieces(std::vector<std::string>{word}) == "a";
  strips_all = strips_one && processor.DecodePieces(std::vector<std::string>{one, word}) == "a";
}

std::int64_t Tokenizer::Data::id_of(const std::string& piece) const {
  if (piece.empty()) return -1;
  const int id = processor.PieceToId(piece);
  return processor.IsUnknown(id) && processor.IdToPiece(id) != piece ? -1 : id;
}

void Tokenizer::Data::take(const SpecialTokens& special) {
  const auto first = [](std::initializer_list<std::int64_t> ids) {
    for (auto id : ids)
      if (id >= 0) return id;
    return std::int64_t{-1};
  };
  bos = first({id_of(special.bos_text), processor.bos_id(), special.bos});
  pad = first({id_of(special.pad_text), special.pad, processor.pad_id()});
  eos = special.eos;
  const auto own_eos = first({id_of(special.eos_text), processor.eos_id()});
  if (own_eos >= 0) eos.push_back(own_eos);
  std::sort(eos.begin(), eos.end());
  eos.erase(std::unique(eos.begin(), eos.end()), eos.end());
  add_bos = special.add_bos.value_or(bos >= 0);
  if (add_bos && bos < 0)
    throw std::runtime_error(file +
                             ": \"add_bos_token\" of tokenizer_config.json is true, but there is no "
                             "beginning-of-sequence token; set it to false or give \"bos_token\"");
}

Tokenizer Tokenizer::load(const std::filesystem::path& folder) {
  auto data = std::make_shared<Data>();
  const auto path = folder / "tokenizer.model";
  data->file = path.string();
  if (!std::filesystem::exists(path)) {
    const bool json = std::filesystem::exists(folder / "tokenizer.json");
    throw std::runtime_error(
        data->file + ": no such file" +
        (json ? "; tokenizer.json (byte-pair encoding) is not supported: only sentencepiece's "
                "tokenizer.model is"
              : "; a checkpoint folder needs sentencepiece's tokenizer.model beside its weights"));
  }
  if (const auto status = data->processor.Load(data->file); !status.ok())
    throw std::runtime_error(data->file + ": not a sentencepiece model (" + status.ToString() +
                             "); only sentencepiece's tokenizer.model is supported");
  data->load_pieces();
  data->probe_leading_space();
  data->take(read_special_tokens(folder));
  return Tokenizer(std::move(data));
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, bool with_bos) const {
  if (with_bos && bos() < 0)
    throw std::invalid_argument(data_->file + ": there is no beginning-of-sequence token to add");
  std::vector<int> pieces;
  const auto status = data_->processor.Encode({text.data(), text.size()}, &pieces);
  if (!status.ok()) throw std::runtime_error(data_->file + ": cannot encode: " + status.ToString());
  std::vector<std::int64_t> ids;
  ids.reserve(pieces.size() + 1);
  if (with_bos) ids.push_back(bos());
  ids.insert(ids.end(), pieces.begin(), pieces.end());
  return ids;
}

std::string Tokenizer::decode(std::span<const std::int64_t> ids) const {
  std::string text;
  bool at_start = data_->strips_one;
  for (const auto id : ids) {
    auto piece = bytes(id);
    if (at_start && !piece.empty()) {
      const bool spaced = piece.front() == ' ' && !data_->processor.IsUnknown(static_cast<int>(id));
      if (spaced) piece.remove_prefix(1);
      at_start = data_->strips_all && spaced && piece.empty();
    }
    text += piece;
  }
  return well_formed_utf8(text);
}

std::string Tokenizer::completion_text(std::span<const std::int64_t> ids) const {
  std::string text;
  for (const auto id : ids) text += bytes(id);
  return well_formed_utf8(text);
}

std::string_view Tokenizer::bytes(std::int64_t id) const {
  return id >= 0 && id < vocab_size() ? std::string_view(data_->bytes[static_cast<std::size_t>(id)])
                                      : std::string_view{};
}

std::int64_t Tokenizer::vocab_size() const {
  return static_cast<std::int64_t>(data_->bytes.size());
}
std::int64_t Tokenizer::bos() const {
  return data_->bos;
}
const std::vector<std::int64_t>& Tokenizer::eos() const {
  return data_->eos;
}
std::int64_t Tokenizer::pad() const {
  return data_->pad;
}
bool Tokenizer::add_bos() const {
  return data_->add_bos;
}

void Tokenizer::check_fits(std::int64_t model_vocab_size) const {
  if (vocab_size() <= model_vocab_size) return;
  throw std::runtime_error(data_->file + ": the tokenizer has " + std::to_string(vocab_size()) +
                           " pieces, but the model's vocab_size is only " + std::to_string(model_vocab_size) +
                           "; is it the tokenizer of another model?");
}

std::string well_formed_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto length = llama::utf8_length(bytes);
    text += length > 0 ? bytes.substr(0, length) : replacement;
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

}  // namespace ifstop
