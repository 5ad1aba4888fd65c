// llama2.c checkpoints (https://github.com/karpathy/llama2.c, the format of its run.c) to Hugging Face
// folders and back.
#pragma once
#include <filesystem>

namespace ifstop {

/// Reads a llama2.c `.bin` (fp32) and writes a Hugging Face folder. llama2.c turns neighbouring dimensions,
/// Hugging Face halves: rows of the query and key weights are put in order; the rotary tables at the file's
/// end are left out. `tokenizer` is a llama2.c `tok*.bin`, written as `tokenizer.model` (sentencepiece);
/// empty for none. Throws std::runtime_error naming file and what is wrong; nothing is written then.
void llama2c_to_hf(const std::filesystem::path& checkpoint, const std::filesystem::path& tokenizer,
                   const std::filesystem::path& folder);

/// The other way, as exactly as fp32 holds the weights. llama2.c fixes rms_norm_eps = 1e-5, rope_theta =
/// 10000, head_dim = hidden_size / heads, and knows no biases and no rotary scaling: another model throws
/// std::runtime_error naming the key. `tokenizer` is where `folder/tokenizer.model` goes as `tok*.bin`; empty
/// for nowhere.
void hf_to_llama2c(const std::filesystem::path& folder, const std::filesystem::path& checkpoint,
                   const std::filesystem::path& tokenizer);

/// The tokenizer that lies beside a llama2.c checkpoint: `tok<vocab_size>.bin`, `tokenizer.bin` or the only
/// `tok*.bin`; empty where there is none. Throws std::runtime_error where several could be meant.
std::filesystem::path find_llama2c_tokenizer(const std::filesystem::path& checkpoint);

}  // namespace ifstop
