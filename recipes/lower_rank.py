"""An adapter of lower rank, which is the best one of that rank in the least-squares sense (singular values), in a file that shrinks with it.

    python recipes/lower_rank.py adapter.gguf smaller.gguf 4

Reads and writes GGUF adapters in half precision. Prints the share of the change (sum of squared singular values) that is kept, mean and least of
all weights. Needs numpy and gguf.
"""

import sys

import numpy as np
from gguf import GGUFReader, GGUFWriter


def lower_rank(a: np.ndarray, b: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray, float]:
    """a: [old rank, inputs], b: [outputs, old rank]. Returns both with the new rank, and the share that is kept."""
    outputs, left = np.linalg.qr(b)
    inputs, right = np.linalg.qr(a.T)
    u, values, v = np.linalg.svd(left @ right.T)
    root = np.sqrt(values[:rank])
    share = float(np.sum(values[:rank] ** 2) / np.sum(values**2))
    return (v[:rank] @ inputs.T) * root[:, None], (outputs @ u[:, :rank]) * root, share


def main(source: str, target: str, rank: int) -> None:
    reader = GGUFReader(source)
    tensors = {tensor.name: tensor.data for tensor in reader.tensors}
    fields = {name: reader.fields[name].contents() for name in reader.fields if not name.startswith("GGUF")}
    firsts = [name for name in tensors if name.endswith(".lora_a")]
    old = tensors[firsts[0]].shape[0]
    if not 0 < rank <= old:
        raise SystemExit(f"{source} has rank {old}; a lower one is from 1 to {old}.")
    writer = GGUFWriter(target, fields["general.architecture"])
    writer.add_type(fields["general.type"])
    writer.add_string("adapter.type", fields["adapter.type"])
    writer.add_name(fields["general.name"])
    # The scale of an adapter is alpha over rank, so it stays as it was.
    writer.add_float32("adapter.lora.alpha", fields["adapter.lora.alpha"] * rank / old)
    shares = []
    for name in firsts:
        second = f"{name[:-1]}b"
        a, b, share = lower_rank(tensors[name].astype(np.float64), tensors[second].astype(np.float64), rank)
        shares.append(share)
        writer.add_tensor(name, a.astype(np.float16))
        writer.add_tensor(second, b.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{target}: rank {rank} of {old} keeps {np.mean(shares):.3f} of the change, at least {min(shares):.3f}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
