#!/usr/bin/env bash
# The tool's speed and memory beside squawk's, on two cores, with the bounds that must hold.
# usage: scripts/compare-squawk.sh CORPUS [RUNS]     (CORPUS: a folder with a folder of SQL files per database)
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=$(realpath "${1:?usage: scripts/compare-squawk.sh CORPUS [RUNS]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm install --silent --no-fund --no-audit --prefix "$work" squawk-cli@2.66.0 >/dev/null
squawk=$(find "$work/node_modules/@squawk-cli" -name squawk -type f | head -1)
dotnet publish src/PolicyLint.Cli -c Release -r linux-x64 -o "$work/policylint" -nologo -v q
dotnet build tests/PolicyLint.Benchmarks -c Release -nologo -v q -clp:ErrorsOnly

"$squawk" --version
taskset -c 0,1 dotnet artifacts/bin/PolicyLint.Benchmarks/release/PolicyLint.Benchmarks.dll compare-squawk "$work/policylint/policylint" "$squawk" "$corpus" "${2:-5}"
