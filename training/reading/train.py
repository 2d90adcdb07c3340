"""Train the pair classifier on the sentences of this folder, and write it as an int8 ONNX file.

    python training/reading/train.py --base FOLDER --out src/multipolar/reading/data

`FOLDER` holds all-MiniLM-L6-v2 (Apache-2.0) as config.json, model.safetensors, vocab.txt. Needs torch, transformers, onnx and
onnxruntime; readers of articles need none of these but onnxruntime. README.md says how each figure was measured.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

import torch
from sentences import DIRECTIONS, FLAGS, KINDS, RELATIONS, TYPES, Sentence, read_all
from torch import nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

from multipolar.reading.encoding import Encoded, Tokens, encode, tokens

HERE = Path(__file__).parent
IGNORED = -100
EVENTS, CLAIMS = 1 + len(TYPES), 1 + len(RELATIONS)
#: What the network answers: events and claims from source to target and back, and how the one that there is stands.
HEADS = {
    "type": EVENTS, "back_type": EVENTS, "relation": CLAIMS, "back_relation": CLAIMS,
    "direction": len(DIRECTIONS), "kind": len(KINDS), "aux": len(FLAGS),
}  # fmt: skip
WEIGHTS = {"type": 1.0, "back_type": 0.7, "relation": 0.7, "back_relation": 0.5, "direction": 0.4, "kind": 0.3}
#: A pair without an event weighs less than one with: there are many more of them.
NONE_WEIGHT = 0.6
#: Every so many-th sentence is never trained on; `measure.py` scores on these.
HELD = 12


#: The parts of the encoder that stay as they are: what words look like is known to it.
FROZEN = ("embeddings.",)


def kept_back(sentence: Sentence) -> bool:
    """Whether a sentence is for measuring only, by its own words, so that new sentences change nothing for old ones."""
    return crc32(sentence.text.encode()) % HELD == 0


@dataclass
class Pair:
    """One marked pair and what it should give; `IGNORED` where nobody said."""

    encoded: Encoded
    type: int
    back_type: int
    relation: int
    back_relation: int
    direction: int
    kind: int
    aux: tuple[float, ...] | None

    @property
    def holds(self) -> bool:
        """Whether there is an event or a claim in it."""
        return max(self.type, self.back_type, self.relation, self.back_relation) > 0


def pairs(sentence: Sentence) -> list[tuple[Pair, ...]]:
    """Every two actors of a sentence, marked either way round, and for claims every actor alone."""
    cut = tokens(sentence.text)
    found: list[tuple[Pair, ...]] = []
    for a, b in combinations(sentence.spans, 2):
        found.append((_pair(sentence, cut, a, b), _pair(sentence, cut, b, a)))
    if sentence.claims_annotated:
        found += [(_pair(sentence, cut, a, 0),) for a in sentence.spans]
    return found


def _pair(sentence: Sentence, cut: Tokens, a: int, b: int) -> Pair:
    encoded = encode(cut, sentence.spans[a], sentence.spans[b] if b else None)
    acts = [act for act in sentence.acts if {act.source, act.target} == {a, b}]
    said = [one for one in sentence.said if {one.subject, one.object} == {a, b} and (b or one.object == 0)]
    type_ = {(act.source, act.target): 1 + TYPES.index(act.type) for act in reversed(acts)}
    relation = {(one.subject, one.object): 1 + RELATIONS.index(one.relation) for one in reversed(said)}
    none = 0 if sentence.claims_annotated else IGNORED
    return Pair(
        encoded,
        type_.get((a, b), 0) if b else IGNORED,
        type_.get((b, a), 0) if b else IGNORED,
        relation.get((a, b), none),
        relation.get((b, a), none) if b else IGNORED,
        DIRECTIONS.index(said[0].direction) if said else IGNORED,
        KINDS.index(said[0].kind) if said else IGNORED,
        tuple(float(flag in acts[0].flags) for flag in FLAGS) if acts else None,
    )


class Net(nn.Module):
    """The encoder and one linear layer a question on top of [CLS] and the two opening markers."""

    def __init__(self, base: BertModel) -> None:
        super().__init__()
        self.base = base
        self.drop = nn.Dropout(0.1)
        self.heads = nn.ModuleList(nn.Linear(3 * base.config.hidden_size, size) for size in HEADS.values())

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, source: torch.Tensor, target: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Logits of every head, one row a pair."""
        hidden = self.base(input_ids=ids, attention_mask=mask).last_hidden_state
        first = hidden[:, 0]
        seen = self.drop(torch.cat([first, _at(hidden, source), _at(hidden, target)], dim=1))
        return tuple(head(seen) for head in self.heads)


def _at(hidden: torch.Tensor, place: torch.Tensor) -> torch.Tensor:
    return torch.gather(hidden, 1, place[:, None, None].expand(-1, 1, hidden.shape[-1]))[:, 0]


def batch(chosen: list[Pair]) -> dict[str, torch.Tensor]:
    """Pairs as the network takes them, shorter ones filled up."""
    width = max(len(pair.encoded.ids) for pair in chosen)
    ids = torch.zeros(len(chosen), width, dtype=torch.long)
    for row, pair in enumerate(chosen):
        ids[row, : len(pair.encoded.ids)] = torch.tensor(pair.encoded.ids)
    return {
        "ids": ids,
        "mask": (ids != 0).long(),
        "source": torch.tensor([pair.encoded.source for pair in chosen]),
        "target": torch.tensor([pair.encoded.target for pair in chosen]),
    }


def loss_of(net: Net, chosen: list[Pair]) -> torch.Tensor:
    """How far the answers of a batch are from what was annotated, over all heads."""
    out = dict(zip(HEADS, net(**batch(chosen)), strict=True))
    total = torch.zeros(())
    for name, weight in WEIGHTS.items():
        truth = torch.tensor([getattr(pair, name) for pair in chosen])
        if (truth != IGNORED).any():
            weights = None
            if HEADS[name] in (EVENTS, CLAIMS):
                weights = torch.ones(HEADS[name])
                weights[0] = NONE_WEIGHT
            total = total + weight * F.cross_entropy(
                out[name], truth, weight=weights, ignore_index=IGNORED, label_smoothing=0.05
            )
    acts = [row for row, pair in enumerate(chosen) if pair.aux is not None]
    if acts:
        truth = torch.tensor([chosen[row].aux for row in acts])
        total = total + 0.4 * F.binary_cross_entropy_with_logits(out["aux"][acts], truth)
    return total


def epoch_of(every: list[tuple[Pair, ...]], share: float, rng: random.Random, size: int) -> list[list[Pair]]:
    """Batches of one round: every pair with something in it and a share of the others, one way round each, of like length."""
    kept = [rng.choice(either) for either in every if either[0].holds or rng.random() < share]
    kept.sort(key=lambda pair: len(pair.encoded.ids) + rng.random() * 8)
    batches = [kept[k : k + size] for k in range(0, len(kept), size)]
    rng.shuffle(batches)
    return batches


def train(args: argparse.Namespace) -> Net:
    """Train, keep the weights after each round, and print what the sentences kept back give."""
    rng = random.Random(args.seed)
    torch.manual_seed(args.seed)
    from measure import held, typing

    sentences = [each for each in args.read if not kept_back(each)]
    every = [pair for sentence in sentences for pair in pairs(sentence)]
    config = BertConfig.from_pretrained(args.base)
    net = Net(BertModel.from_pretrained(args.base, config=config, add_pooling_layer=False))
    if args.start:
        net.load_state_dict(torch.load(args.start))
    for name, parameter in net.base.named_parameters():
        if name.startswith(FROZEN):
            parameter.requires_grad = False
    moving = [p for p in net.base.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": moving, "lr": args.rate}, {"params": net.heads.parameters(), "lr": 10 * args.rate}],
        weight_decay=0.01,
    )
    began, done = time.time(), 0
    print(
        f"{len(sentences)} sentences, {len(every)} pairs, {sum(p[0].holds for p in every)} of them with an event or a claim",
        flush=True,
    )
    for epoch in range(args.epochs):
        net.train()
        batches = epoch_of(every, args.none, rng, args.batch)
        steps = done + (args.epochs - epoch) * len(batches)
        running = 0.0
        for chosen in batches:
            rate = min(1.0, done / (0.06 * steps)) * max(0.02, (steps - done) / steps)
            for group, base in zip(optimiser.param_groups, (args.rate, 10 * args.rate), strict=True):
                group["lr"] = base * rate
            loss = loss_of(net, chosen)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            running += loss.detach().item()
            done += 1
        print(
            f"epoch {epoch + 1}: loss {running / len(batches):.3f}, {len(batches)} batches, {time.time() - began:.0f} s",
            flush=True,
        )
        torch.save(net.state_dict(), args.keep)
        net.eval()
        print("   kept back:", json.dumps(held(net, [each for each in args.read if kept_back(each)])), flush=True)
        if args.check:
            print("   ", json.dumps(typing(net, Path(args.check))), flush=True)
    return net


def export(net: Net, out: Path) -> None:
    """Write the model as ONNX, weights in int8."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net.eval()
    out.mkdir(parents=True, exist_ok=True)
    full = out / "pairs.full.onnx"
    sample = (
        torch.ones(2, 16, dtype=torch.long),
        torch.ones(2, 16, dtype=torch.long),
        torch.tensor([1, 2]),
        torch.tensor([5, 0]),
    )
    rows = {name: {0: "pairs", 1: "tokens"} for name in ("ids", "mask")} | {
        name: {0: "pairs"} for name in ("source", "target", *HEADS)
    }
    torch.onnx.export(
        net, sample, str(full), input_names=["ids", "mask", "source", "target"], output_names=list(HEADS),
        dynamic_axes=rows, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(full, out / "pairs.onnx", weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    labels = {
        "type": ["NONE", *TYPES],
        "back_type": ["NONE", *TYPES],
        "relation": ["NONE", *RELATIONS],
        "back_relation": ["NONE", *RELATIONS],
        "direction": list(DIRECTIONS),
        "kind": list(KINDS),
        "aux": ["historical", "future", "hypothetical", "negation"],
    }
    (out / "pairs.json").write_text(json.dumps(labels, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--base", required=True, help="folder of the encoder to start from")
    cli.add_argument("--sentences", type=Path, default=HERE / "sentences", help="folder of the annotated sentences")
    cli.add_argument("--out", type=Path, default=HERE.parents[1] / "src" / "multipolar" / "reading" / "data")
    cli.add_argument("--epochs", type=int, default=5)
    cli.add_argument("--batch", type=int, default=24)
    cli.add_argument("--rate", type=float, default=1e-4)
    cli.add_argument("--none", type=float, default=0.3, help="share of the pairs without anything that each round sees")
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--keep", default="pairs.pt", help="where to keep the weights in full precision")
    cli.add_argument("--check", default="", help="a table of held-out sentences to measure on after each round")
    cli.add_argument("--start", default="", help="weights kept by an earlier run, to go on from")
    cli.add_argument("--export-only", action="store_true", help="write the ONNX file from the weights kept")
    args = cli.parse_args()
    args.read = read_all(args.sentences)
    if args.export_only:
        net = Net(BertModel(BertConfig.from_pretrained(args.base), add_pooling_layer=False))
        net.load_state_dict(torch.load(args.keep))
    else:
        net = train(args)
    export(net, args.out)


if __name__ == "__main__":
    main()
