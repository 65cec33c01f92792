#!/usr/bin/env bash
# Finds Node.js 18 or newer with npm, for the tests against programs of others:
# an OpenID provider, and clients of the embedded node. With --install, installs
# them first when they are missing: through
# apt-get as root or with sudo, and elsewhere by saying exactly what to install.
set -euo pipefail

least=18

say() { printf 'npm: %s\n' "$*" >&2; }

found() {
	local v
	command -v npm >/dev/null && v=$(node --version 2>/dev/null | sed -nE 's/^v([0-9]+).*/\1/p') && [ "${v:-0}" -ge "$least" ]
}

# as_root runs a command as root: as we are, or through sudo.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@" # nobody is there to type a password
	fi
}

install_with_apt() {
	say "no Node.js $least or newer with npm here: installing them with apt-get ($(id -un), root or sudo)"
	as_root apt-get update -q >&2 || say "apt-get update failed: going on with the lists that are here"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nodejs npm >&2
}

found && exit 0
[ "${1:-}" = --install ] || exit 1
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }; then
	install_with_apt || true
	found && exit 0
fi
say "Two tests run programs of others (an OpenID provider, clients of the node), which need Node.js $least or newer and npm:"
say "  Debian, Ubuntu   sudo apt-get install nodejs npm, or https://nodejs.org"
say "  Fedora, RHEL     sudo dnf install nodejs npm"
say "  macOS            brew install node"
say "or leave those out: NUCLEO_SENZA_NPM=1 make test."
exit 1
