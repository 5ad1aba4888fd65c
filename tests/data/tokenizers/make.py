#!/usr/bin/env python3
"""Writes the golden tokenizers of this folder: small byte-pair vocabularies, trained here on the text below, and what
transformers makes of hard strings with them. Run here; needs tokenizers, transformers and jinja2.

Each folder holds tokenizer.json, tokenizer_config.json and golden.json:
  {"strings": [{"text", "ids", "bare" (without special tokens), "decoded" (special tokens skipped)}],
   "chats": [{"template" (ifstop's name), "instruction", "ids"}]}"""
import json
import pathlib
import shutil

import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent
TEXT = ["The boats lie in the harbour, and the harbour lies under the hill.", "We don't know who's there; they'll say it's late.",
        "I've seen 12 ships, 1234 nets and 56789 fishes in 2024!", "def weigh(boat, load=0):\n    return boat.weight + load\n",
        "for (int i = 0; i < 10; ++i) {\n\tsum += values[i] * 2;\n}\n", "Größe, Straße, Öl und Bär: schöne Wörter.",
        "Où est passé l'été, ça va être long.", "Лодка стоит у берега, а берег молчит.", "船は港にあります。港は静かです。",
        "   three spaces, then a tab:\t and two line ends\n\n", "<html><body class=\"x\">text</body></html>", "e = m * c ** 2  # energy",
        "What does it cost? It costs 3.50 or 4,000.", "A question: who ties the rope, and why? An answer: the one who sails."] * 3
STRINGS = ["", " ", "  ", "   a", "a", " a", "a ", "a  ", "\n", "\n\n", " \n", "\n ", " \n \n x", "a\nb", "a\r\nb\r\n", "\t\ta\t", "the boats lie",
           "The harbour's nets", "DON'T", "don't we'LL I'VE you'Re it'S he'D I'm", "'s", "'", "''''", "a'ſ b", "can't've", "12", "1234567890",
           "3.14159", "1,000,000.00", "x1y22z333w4444", "½ ² Ⅷ ٣٤٥ १२३", "Größe Straße", "été e\u0301te\u0301", "Лодка берег", "船は港にあります",
           "港123個", "😀", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷", "a\u200bb\u00a0c\u2003d\u3000e", "\u202eright to left\u202c", "مرحبا بالعالم", "नमस्ते",
           "\u0000\u0001\u007f", "\ufeffbom", "\ufffd", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "a" * 300, " " * 70, "\n" * 9, "-" * 50, "=====>>>",
           "def f(x):\n    return x  # two\n", "if (a && b) || !c { x->y = 0x1F; }", "<html>\n  <p>&nbsp;</p>\n</html>", "SELECT * FROM nets;", "C:\\nets\\a.txt",
           "https://example.org/a?b=c&d=%20", "### Instruction:\nSay it.\n\n### Response:\n", "[INST] Say it. [/INST]", "e = m * c ** 2", "…—“quotes”‘x’", "a.b.c...d",
           "\u0301", "a\u0301\u0302", "ﬁ ﬂ ſ K Å", "ᾳ ǆ İ ı", "\u2028\u2029x", "\x85x", "tab\tand  two", "end with space ", "end with line\n", "\u1f600 \U00010348",
           "<|begin_of_text|>", "a<|eot_id|>b", "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>", "<|eot_id|><|eot_id|>", "< |eot_id|>", "<|eot_id|",
           "keep <left> and <right> and <word>word <word> <word>.", "a <left>b", "a<right>  b", "<both>", " <both> x", "<plain>tail", "<|im_start|>user\nx<|im_end|>",
           "<s>", "</s>x", "a <s> b</s>", "<unk>", "▁", "a▁b", "<0x0A>", "<0xZZ>"]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TEMPLATES = {  # ifstop's name: Jinja
    "llama2-chat": "{{ bos_token }}{% for m in messages %}[INST] {{ m['content'] | trim }} [/INST]{% endfor %}",
    "llama3-chat": "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n{{ m['content'] | trim }}<|eot_id|>{% endfor %}"
                   "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}",  # Jinja drops a last line end outside of an expression
    "chatml": "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}{{ '<|im_start|>assistant\n' }}",
    "alpaca": "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n"
              "{{ messages[0]['content'] + '\n\n### Response:\n' }}",
}
INSTRUCTIONS = ["Say which boats lie in the harbour.", "What's 12 + 30?\nAnswer in one word.", "Wie heißt das Öl? 😀"]


def marks(special=(), extra=()):
    return [AddedToken(t, special=True, normalized=False) for t in special] + list(extra)


ODD = [AddedToken("<left>", lstrip=True, normalized=False), AddedToken("<right>", rstrip=True, normalized=False),
       AddedToken("<word>", single_word=True, normalized=False), AddedToken("<both>", lstrip=True, rstrip=True, special=True, normalized=False),
       AddedToken("<plain>", normalized=True)]


def byte_level(split, prefix_space, vocabulary):
    tokenizer = Tokenizer(models.BPE(ignore_merges=split is not None))
    last = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space, use_regex=split is None)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(split), "isolated"), last]) if split else last
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=vocabulary, show_progress=False,
                                                            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    return tokenizer


def llama3():
    tokenizer = byte_level(LLAMA3, False, 420)
    tokenizer.add_tokens(marks(["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], ODD))
    bos = tokenizer.token_to_id("<|begin_of_text|>")
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
        single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|> $B", special_tokens=[("<|begin_of_text|>", bos)])])
    return tokenizer, {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"}, ["llama3-chat", "alpaca"]


def qwen2():
    tokenizer = byte_level(LLAMA3.replace("{1,3}", ""), False, 400)
    tokenizer.add_tokens(marks(["<|endoftext|>", "<|im_start|>", "<|im_end|>"]))
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer, {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}, ["chatml"]


def gpt2():
    tokenizer = byte_level(None, True, 400)
    tokenizer.add_tokens(marks(["<|endoftext|>"]))
    return tokenizer, {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "add_bos_token": False}, ["alpaca"]


def sentencepiece_like(old):
    """Byte fallback and U+2581 for spaces, as conversions of Llama 2's tokenizer.model have them: with a normalizer (old) or Metaspace."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=300, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)] + sorted(model["vocab"], key=model["vocab"].get)
    tokenizer = Tokenizer(models.BPE({p: i for i, p in enumerate(pieces)}, [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in model["merges"]],
                                     unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if old:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_tokens(marks(["<unk>", "<s>", "</s>"]))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 1)])
    return tokenizer, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}, ["llama2-chat"] if old else []


def write(name, tokenizer, config, chats):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **config}, indent=1) + "\n")
    theirs = transformers.PreTrainedTokenizerFast.from_pretrained(folder, clean_up_tokenization_spaces=False)
    rows = []
    for text in STRINGS:
        ids = theirs(text).input_ids
        bare = theirs(text, add_special_tokens=False).input_ids
        rows.append({"text": text, "ids": ids, "bare": bare, "decoded": theirs.decode(ids, skip_special_tokens=True)})
    talks = []
    for template in chats:
        for instruction in INSTRUCTIONS:
            out = theirs.apply_chat_template([{"role": "user", "content": instruction}], chat_template=TEMPLATES[template], tokenize=True, return_dict=False)
            talks.append({"template": template, "instruction": instruction, "ids": out})
    (folder / "golden.json").write_text(json.dumps({"strings": rows, "chats": talks}) + "\n")


print("tokenizers", tokenizers.__version__, "transformers", transformers.__version__)
write("llama3", *llama3())
write("qwen2", *qwen2())
write("gpt2", *gpt2())
write("metaspace", *sentencepiece_like(False))
write("metaspace_old", *sentencepiece_like(True))
