#!/usr/bin/env bash
# Runs every fuzz target of some packages, one after the other.
# usage: fuzz.sh TIME PACKAGES REGEXP
set -euo pipefail

for package in $(go list "$2"); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' | grep -E "$3" || true); do
		printf '%s %s\n' "$package" "$target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "$package"
	done
done
