"""Makes tiny/: a BERT sequence classifier of random weights with a vocabulary, and what transformers computes with it.

    python tests/data/bert_parity/make.py tests/data/bert_parity/tiny
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "capital", "of", "fr", "##ance", "is", "paris", "what", "?", ".", ",", "¶",
          "un", "##able", "##s", "a", "b", "##c", "cafe", "é", "日", "本", "1", "##2", "'", "-", "straße", "##e"]
(folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
torch.manual_seed(7)
config = BertConfig(vocab_size=len(pieces), hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                    max_position_embeddings=24, num_labels=2, initializer_range=0.3)
model = BertForSequenceClassification(config).eval()
model.save_pretrained(folder)
tokenizer = BertTokenizer(str(folder / "vocab.txt"))

texts = ["What is the capital of France?", "unables, a-bc CAFÉ café", "日本 12's Straße", "xyz \u200bthe\u00a0the\n.", "", "Franceee"]
rows = [([2, 11, 9, 4, 3, 10, 13, 3], [0] * 5 + [1] * 3), ([2, 3, 3], [0, 0, 1]), ([2] + [5, 6, 7, 8] * 5 + [3], [0] * 9 + [1] * 13)]
golden = {"tokens": [{"text": t, "ids": tokenizer.convert_tokens_to_ids(tokenizer.tokenize(t))} for t in texts], "rows": []}
with torch.no_grad():
    for ids, types in rows:
        out = model(input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types]), output_hidden_states=True)
        golden["rows"].append({"ids": ids, "types": types, "logits": out.logits[0].tolist(),
                               "first": out.hidden_states[-1][0, 0].tolist(), "last": out.hidden_states[-1][0, -1].tolist()})
(folder / "golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n", encoding="utf-8")
