// ifstop convert: Hugging Face folders and llama2.c checkpoints, both ways.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "ifstop/llama/companion_files.hpp"
#include "ifstop/llama/config.hpp"
#include "ifstop/llama/error_text.hpp"
#include "ifstop/llama/llama2c.hpp"
#include "ifstop/llama/model.hpp"

namespace ifstop::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* help = R"(  ifstop convert --to hf stories260K.bin stories260K/
  ifstop convert --to llama2c my_model/ my_model.bin
  ifstop convert --to hf --dtype bf16 my_model/ my_model-bf16/

to hf       IN is a llama2.c .bin (fp32, its first format), OUT a folder: config.json, model.safetensors,
            tokenizer.model, tokenizer_config.json. The tokenizer is IN's neighbour tok<vocabulary>.bin,
            tokenizer.bin or the only tok*.bin, unless --tokenizer names one. IN may also be a Hugging Face folder:
            its weights are checked and written again, of the type that --dtype names, its tokenizer files copied.
to llama2c  IN is a Hugging Face folder of a LLaMA, OUT a .bin; its tokenizer.model goes to tok<vocabulary>.bin beside
            OUT, unless --tokenizer names another place. Models that llama2.c cannot express are refused.

Weights keep their values (bf16 and fp16 are exact in fp32), unless --dtype is narrower. --dtype is for Hugging Face
folders written again: llama2.c knows fp32 alone. --tokenizer is for conversions from and to llama2.c.
Exit codes: 0 done, 2 bad input (nothing is written).)";

struct Options {
  std::string to, in, out, tokenizer, dtype;
};

void hf_again(const Options& options) {
  if (fs::exists(options.out) && fs::equivalent(options.in, options.out))
    throw UsageError(options.out + ": is also the input");
  if (!options.tokenizer.empty())
    throw UsageError(options.in +
                     ": --tokenizer is for llama2.c checkpoints; a Hugging Face folder's tokenizer "
                     "files are copied as they are");
  const std::string dtype = options.dtype.empty() ? "f32" : options.dtype;
  Llama::load(options.in, {c10::kCPU, dtype_from(dtype)}).save(options.out);
  write_companion_files(read_companion_files(options.in), options.out);
  fmt::print("{}: from {}, {}\n", options.out, options.in, dtype);
}

void refuse_dtype(const Options& options, const char* next) {
  if (!options.dtype.empty())
    throw UsageError(fmt::format("--dtype {}: llama2.c's format is fp32; {}", options.dtype, next));
}

void to_hf(const Options& options) {
  if (fs::is_directory(options.in)) return hf_again(options);
  refuse_dtype(options, "convert to a Hugging Face folder without --dtype, and that once more with it");
  const auto tokenizer =
      options.tokenizer.empty() ? find_llama2c_tokenizer(options.in) : fs::path(options.tokenizer);
  llama2c_to_hf(options.in, tokenizer, options.out);
  if (tokenizer.empty())
    fmt::print(stderr, "ifstop: no tok*.bin beside {}: {} has no tokenizer and takes token ids only\n",
               options.in, options.out);
  fmt::print("{}: weights from {}{}\n", options.out, options.in,
             tokenizer.empty() ? "" : fmt::format(", tokenizer from {}", tokenizer.string()));
}

void to_llama2c(const Options& options) {
  refuse_dtype(options, "leave --dtype out");
  const auto config = read_llama_config(options.in);
  fs::path tokenizer = options.tokenizer;
  if (tokenizer.empty() && fs::exists(fs::path(options.in) / "tokenizer.model"))
    tokenizer = fs::path(options.out).parent_path() / fmt::format("tok{}.bin", config.vocab_size);
  hf_to_llama2c(options.in, options.out, tokenizer);
  fmt::print("{}{}: from {}\n", options.out, tokenizer.empty() ? "" : ", " + tokenizer.string(), options.in);
}

void run(const Options& options) {
  try {
    options.to == "hf" ? to_hf(options) : to_llama2c(options);
  } catch (const std::exception& error) {
    throw UsageError(error_text(error));
  }
}

}  // namespace

void add_convert(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "convert", "Converts a model between Hugging Face folders and llama2.c checkpoints.");
  command->footer(help);
  command->add_option("--to", options->to, "hf or llama2c")
      ->required()
      ->check(CLI::IsMember({"hf", "llama2c"}));
  command->add_option("--tokenizer", options->tokenizer,
                      "llama2.c tokenizer to read (to hf) or write (to llama2c)");
  command->add_option("--dtype", options->dtype,
                      "type to write a Hugging Face folder's weights in: f32 (default), bf16, f16");
  command->add_option("IN", options->in, "what to convert")->required();
  command->add_option("OUT", options->out, "where to write it")->required();
  command->callback([options] { run(*options); });
}

}  // namespace ifstop::cli
