#!/usr/bin/env bash
# Prints what lro costs beside what it may cost: a step of the machine, a whole process beside curl, memory, size; and
# how often each schedule asks and how late it knows.
# Needs curl for the comparison, and cargo-bloat to say what the binary is made of; does what it can without them.
set -euo pipefail
cd "$(dirname "$0")/.."

date +%F
(lscpu 2>/dev/null || true) | grep -E '^(Model name|CPU\(s\)):' || uname -m
rustc --version

cargo bench --no-run --bench machine --bench process --bench schedule --bench fleet

echo
echo 'A step of the machine (lowest, best and highest estimate). Bound: 1 µs'
cargo bench --quiet --bench machine -- --noplot --discard-baseline 2>&1 |
    { grep -Ev '^(Benchmarking .*|Found .* outliers .*| +[0-9]+ \(.*|)$' || true; }

echo
cargo bench --quiet --bench process

echo
cargo bench --quiet --bench schedule

echo
cargo bench --quiet --bench fleet

echo
if cargo bloat --version >/dev/null 2>&1; then
    echo 'What the binary is made of, its names left in'
    # In a folder of its own, so that the binary which was measured stays what it is.
    CARGO_PROFILE_RELEASE_STRIP=none cargo bloat --release --bin lro --crates -n 25 \
        --target-dir "${CARGO_TARGET_DIR:-target}/bloat"
else
    echo 'What the binary is made of: cargo install cargo-bloat, then once more'
fi
