"""ifstop logits and ifstop convert as other programs call them: golden logits, conversion both ways, and errors with
exit code 2 that name file and line. Called with the path of ifstop."""
import json, pathlib, struct, subprocess, sys, tempfile

ifstop = sys.argv[1]
golden_models = pathlib.Path(__file__).resolve().parents[1] / "data" / "llama_parity"


def run(*arguments):
    return subprocess.run([ifstop, *map(str, arguments)], capture_output=True, text=True)


def read_golden(path):
    """Tensors of a safetensors file as flat lists (F32 and I64)."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    out = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        out[name] = [value for (value,) in struct.iter_unpack({"F32": "<f", "I64": "<q"}[entry["dtype"]], data[begin:end])]
    return out


def logits(folder, model, rows, *options):
    (folder / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = run("logits", "--model", model, "--tokens", folder / "in.jsonl", "--out", folder / "out.jsonl", *options)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def error(code, *arguments):
    result = run(*arguments)
    assert result.returncode == code, (result.returncode, result.stderr)
    return result.stderr


def check_golden(folder):
    for model in ("grouped_untied", "sharded", "llama3_scaling"):
        golden = read_golden(golden_models / model / "golden.safetensors")
        (row,) = logits(folder, golden_models / model, [{"id": "ä", "tokens": golden["tokens"]}], "--all")
        ours = [value for token in row["logits"] for value in token]
        largest = max(map(abs, golden["logits"]))
        assert len(ours) == len(golden["logits"])
        assert max(abs(a - b) for a, b in zip(ours, golden["logits"])) < 1e-4 * largest, model
        assert list(row) == ["id", "tokens", "logits"] and row["id"] == "ä"
        (last,) = logits(folder, golden_models / model, [{"tokens": golden["tokens"]}])
        assert max(abs(a - b) for a, b in zip(last["logits"], row["logits"][-1])) < 1e-5 * largest


def check_convert(folder):
    model = golden_models / "grouped_untied"
    assert run("convert", "--to", "llama2c", model, folder / "m.bin").returncode == 0
    result = run("convert", "--to", "hf", folder / "m.bin", folder / "back")
    assert result.returncode == 0 and "has no tokenizer" in result.stderr, result.stderr
    rows = [{"tokens": [1, 5, 9, 39]}]
    assert logits(folder, folder / "back", rows) == logits(folder, model, rows)
    assert run("convert", "--to", "hf", "--dtype", "bf16", model, folder / "half").returncode == 0
    assert (folder / "half" / "model.safetensors").stat().st_size < 0.6 * (model / "model.safetensors").stat().st_size
    text = error(2, "convert", "--to", "llama2c", golden_models / "llama3_scaling", folder / "x.bin")
    assert '"rope_theta" is 500; llama2.c always uses 10000' in text, text
    assert not (folder / "x.bin").exists()
    error(2, "convert", "--to", "onnx", model, folder / "y")
    assert "cannot be opened" in error(2, "convert", "--to", "hf", folder / "nothing.bin", folder / "y")


def check_errors(folder):
    def with_rows(text):
        (folder / "bad.jsonl").write_text(text)
        return error(2, "logits", "--model", golden_models / "sharded", "--tokens", folder / "bad.jsonl", "--out", folder / "none.jsonl")

    assert "bad.jsonl:2: not JSON" in with_rows('{"tokens": [1]}\n{"tokens"\n')
    assert 'bad.jsonl:1: has no list "tokens"' in with_rows('{"prompt": "x"}\n')
    assert 'bad.jsonl:1: "tokens" holds 40, which is no id of a vocabulary of 40' in with_rows('{"tokens": [40]}\n')
    assert 'bad.jsonl:1: "tokens" is empty' in with_rows('{"tokens": []}\n')
    assert "bad.jsonl:1: 65 tokens are more than max_position_embeddings = 64" in with_rows(json.dumps({"tokens": [1] * 65}))
    assert not (folder / "none.jsonl").exists()
    error(2, "logits", "--model", folder / "nothing", "--tokens", folder / "bad.jsonl", "--out", folder / "none.jsonl")


with tempfile.TemporaryDirectory() as temporary:
    check_golden(pathlib.Path(temporary))
    check_convert(pathlib.Path(temporary))
    check_errors(pathlib.Path(temporary))
print("ifstop logits, ifstop convert: as documented")
