// The text around an instruction: what turns "What is rust?" into what the model reads.
// Includes nothing of ifstop, so that a trainer's data code can use it too.
#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ifstop {

/// Two texts with the places `{instruction}` and `{input}`, and what ends an answer under them. Training and
/// evaluation must use the same one: where an IFS curve starts depends on it (the paper's Table 6).
class Template {
 public:
  /// The templates that ship: bare, paper, suffix, alpaca, llama2-chat, llama3-chat, chatml. Throws
  /// std::invalid_argument listing the names for any other.
  static Template named(std::string_view name);

  /// Their names.
  static std::vector<std::string> names();

  /// A template of one's own: `with_input` for instructions that come with an input, `without_input` for the
  /// others (empty: the first with nothing in the place of `{input}`). Throws std::invalid_argument where a
  /// text lacks
  /// `{instruction}`, or the second has an `{input}`. A text without `{input}` puts the input after the
  /// instruction and an empty line.
  static Template custom(std::string with_input, std::string without_input = "", std::string name = "custom");

  /// A name of named(), or else a text with `{instruction}` for custom(): for command lines and configuration
  /// files.
  static Template from(std::string_view name_or_text);

  /// The final text of a prompt. Braces inside the instruction and the input are left alone.
  std::string apply(std::string_view instruction, std::string_view input = "") const;

  const std::string& name() const { return name_; }

  /// Texts that open another turn under this template: an answer that holds one has run on.
  const std::vector<std::string>& turn_markers() const { return turn_markers_; }

  /// Texts that close an answer properly beside the tokenizer's end-of-sequence ("<|im_end|>"); training
  /// answers end with the first of them, if there is one.
  const std::vector<std::string>& end_markers() const { return end_markers_; }

  /// The text after which a training answer starts: the template's part after the instruction (and input).
  /// Empty where nothing follows (bare).
  std::string answer_start() const;

 private:
  Template(std::string name, std::string with_input, std::string without_input,
           std::vector<std::string> turn_markers, std::vector<std::string> end_markers);

  std::string name_, with_input_, without_input_;
  std::vector<std::string> turn_markers_, end_markers_;
};

namespace template_detail {

inline constexpr std::string_view instruction_place = "{instruction}";
inline constexpr std::string_view input_place = "{input}";

inline bool has(std::string_view text, std::string_view place) {
  return text.find(place) != std::string_view::npos;
}

/// Replaces both places in one pass, so that what is put in is never read again.
inline std::string fill(std::string_view text, std::string_view instruction, std::string_view input) {
  std::string out;
  while (!text.empty()) {
    const auto at_instruction = text.find(instruction_place);
    const auto at_input = text.find(input_place);
    const auto at = std::min(at_instruction, at_input);
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    const bool is_input = at == at_input;
    out += is_input ? input : instruction;
    text.remove_prefix(at + (is_input ? input_place : instruction_place).size());
  }
  return out;
}

}  // namespace template_detail

inline Template::Template(std::string name, std::string with_input, std::string without_input,
                          std::vector<std::string> turn_markers, std::vector<std::string> end_markers)
    : name_(std::move(name)),
      with_input_(std::move(with_input)),
      without_input_(std::move(without_input)),
      turn_markers_(std::move(turn_markers)),
      end_markers_(std::move(end_markers)) {}

inline std::vector<std::string> Template::names() {
  return {"bare", "paper", "suffix", "alpaca", "llama2-chat", "llama3-chat", "chatml"};
}

inline Template Template::named(std::string_view name) {
  using Markers = std::vector<std::string>;
  const Markers sections{"### Instruction:", "### Input:", "### Response:"};
  if (name == "bare") return {"bare", "{instruction}\n\n{input}", "{instruction}", {}, {}};
  if (name == "paper")  // the paper's section 4
    return {"paper", "{instruction}\n\n{input}### Response:", "{instruction}### Response:", sections, {}};
  if (name == "suffix")  // the end of Alpaca's wrapper alone (variant B of the paper's Table 6)
    return {"suffix",
            "{instruction}\n\n{input}\n\n### Response:\n",
            "{instruction}\n\n### Response:\n",
            sections,
            {}};
  if (name == "alpaca")  // github.com/tatsu-lab/stanford_alpaca, with the line break before the answer that
                         // its users add
    return {
        "alpaca",
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        "Write a "
        "response that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### "
        "Input:\n{input}"
        "\n\n### Response:\n",
        "Below is an instruction that describes a task. Write a response that appropriately completes the "
        "request.\n\n### Instruction:\n{instruction}\n\n### Response:\n",
        sections,
        {}};
  if (name == "llama2-chat")  // the tokenizer adds <s>
    return {"llama2-chat",
            "[INST] {instruction}\n\n{input} [/INST]",
            "[INST] {instruction} [/INST]",
            Markers{"[INST]", "<<SYS>>"},
            {}};
  if (name == "llama3-chat")  // the tokenizer adds <|begin_of_text|>
    return {"llama3-chat",
            "<|start_header_id|>user<|end_header_id|>\n\n{instruction}\n\n{input}<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            "<|start_header_id|>user<|end_header_id|>\n\n{instruction}<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            Markers{"<|start_header_id|>"}, Markers{"<|eot_id|>"}};
  if (name == "chatml")
    return {"chatml", "<|im_start|>user\n{instruction}\n\n{input}<|im_end|>\n<|im_start|>assistant\n",
            "<|im_start|>user\n{instruction}<|im_end|>\n<|im_start|>assistant\n", Markers{"<|im_start|>"},
            Markers{"<|im_end|>"}};
  std::string known;
  for (const auto& each : names()) known += (known.empty() ? "" : ", ") + each;
  throw std::invalid_argument("template \"" + std::string(name) + "\" is none of " + known +
                              ", and has no {instruction} to be one itself");
}

inline Template Template::custom(std::string with_input, std::string without_input, std::string name) {
  using namespace template_detail;
  if (!has(with_input, instruction_place))
    throw std::invalid_argument("template " + name + ": \"" + with_input + "\" has no {instruction}");
  if (!has(with_input, input_place)) {
    if (without_input.empty()) without_input = with_input;
    const auto at = with_input.find(instruction_place) + instruction_place.size();
    with_input.insert(at, "\n\n{input}");
  }
  if (without_input.empty()) without_input = fill(with_input, instruction_place, "");
  if (!has(without_input, instruction_place))
    throw std::invalid_argument("template " + name + ": \"" + without_input + "\" has no {instruction}");
  if (has(without_input, input_place))
    throw std::invalid_argument("template " + name + ": the text without input, \"" + without_input +
                                "\", has an {input}");
  return {std::move(name), std::move(with_input), std::move(without_input), {}, {}};
}

inline Template Template::from(std::string_view name_or_text) {
  if (template_detail::has(name_or_text, template_detail::instruction_place))
    return custom(std::string(name_or_text));
  return named(name_or_text);
}

inline std::string Template::apply(std::string_view instruction, std::string_view input) const {
  return template_detail::fill(input.empty() ? without_input_ : with_input_, instruction, input);
}

inline std::string Template::answer_start() const {
  const auto place = template_detail::instruction_place;
  return without_input_.substr(without_input_.rfind(place) + place.size());
}

}  // namespace ifstop
