#include "ifstop/llama/tokenizer.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "ifstop/llama/special_tokens.hpp"
#include "llama/text_codec.hpp"
#include "llama/utf8.hpp"

namespace ifstop {
namespace {

constexpr const char* sentencepiece_file = "tokenizer.model";
constexpr const char* json_file = "tokenizer.json";
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + ": cannot be opened");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::int64_t first_of(std::initializer_list<std::int64_t> ids) {
  for (auto id : ids)
    if (id >= 0) return id;
  return -1;
}

}  // namespace

struct Tokenizer::Data {
  std::unique_ptr<llama::TextCodec> codec;
  std::string file;
  std::int64_t bos = -1, pad = -1;
  std::vector<std::int64_t> eos;
  bool add_bos = false;

  void take(const SpecialTokens& special);
  std::int64_t id_of(const std::string& piece) const { return piece.empty() ? -1 : codec->id_of(piece); }
};

void Tokenizer::Data::take(const SpecialTokens& special) {
  bos = first_of({id_of(special.bos_text), codec->bos, special.bos});
  pad = first_of({id_of(special.pad_text), special.pad, codec->pad});
  eos = special.eos;
  const auto own_eos = first_of({id_of(special.eos_text), codec->eos});
  if (own_eos >= 0) eos.push_back(own_eos);
  std::sort(eos.begin(), eos.end());
  eos.erase(std::unique(eos.begin(), eos.end()), eos.end());
  add_bos = special.add_bos.value_or(codec->adds_bos.value_or(bos >= 0));
  if (add_bos && bos < 0)
    throw std::runtime_error(file +
                             ": \"add_bos_token\" of tokenizer_config.json is true, but there is no "
                             "beginning-of-sequence token; set it to false or give \"bos_token\"");
}

bool Tokenizer::exists(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / sentencepiece_file) || std::filesystem::exists(folder / json_file);
}

Tokenizer Tokenizer::load(const std::filesystem::path& folder) {
  if (!exists(folder))
    throw std::runtime_error(
        (folder / sentencepiece_file).string() +
        ": no such file, nor tokenizer.json beside it; a checkpoint folder needs one of them "
        "beside its weights");
  auto data = std::make_shared<Data>();
  const bool pieces = std::filesystem::exists(folder / sentencepiece_file);
  const auto path = folder / (pieces ? sentencepiece_file : json_file);
  data->file = path.string();
  data->codec = pieces ? llama::parse_sentencepiece(read_file(path), data->file)
                       : llama::parse_tokenizer_json(read_file(path), data->file);
  data->take(read_special_tokens(folder));
  return Tokenizer(std::move(data));
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, bool with_bos) const {
  if (with_bos && bos() < 0)
    throw std::invalid_argument(data_->file + ": there is no beginning-of-sequence token to add");
  auto ids = data_->codec->encode(text);
  if (with_bos) ids.insert(ids.begin(), bos());
  return ids;
}

std::string Tokenizer::decode(std::span<const std::int64_t> ids) const {
  const auto& codec = *data_->codec;
  std::string text;
  bool at_start = codec.strips_one;
  for (const auto id : ids) {
    auto piece = bytes(id);
    if (at_start && !piece.empty()) {
      const bool spaced = piece.front() == ' ' && !codec.keeps_space[static_cast<std::size_t>(id)];
      if (spaced) piece.remove_prefix(1);
      at_start = codec.strips_all && spaced && piece.empty();
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
  return id >= 0 && id < vocab_size() ? std::string_view(data_->codec->bytes[static_cast<std::size_t>(id)])
                                      : std::string_view{};
}

std::int64_t Tokenizer::vocab_size() const {
  return static_cast<std::int64_t>(data_->codec->bytes.size());
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
