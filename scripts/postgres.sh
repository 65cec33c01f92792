#!/usr/bin/env bash
# Finds the programs of a PostgreSQL 15 or newer and prints their folder.
# With --install, installs them first when they are missing: through apt-get as
# root or with sudo, and elsewhere by saying exactly what to install.
set -euo pipefail

least=15

say() { printf 'postgres: %s\n' "$*" >&2; }

# version prints the major version of the server in a folder, or 0.
version() {
	if [ -x "$1/postgres" ] && [ -x "$1/initdb" ]; then
		"$1/postgres" --version 2>/dev/null | sed -nE 's/^[^0-9]*([0-9]+).*/\1/p' | grep . || echo 0
	else
		echo 0
	fi
}

# find prints the folder of the newest server of this machine.
find_server() {
	local best=0 folder='' dir v on_path
	on_path=$(command -v postgres 2>/dev/null || true)
	for dir in ${on_path:+"$(dirname "$(readlink -f "$on_path")")"} \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* /usr/lib/postgresql*/bin \
		/opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin /usr/local/pgsql/bin \
		/Applications/Postgres.app/Contents/Versions/*/bin; do
		v=$(version "$dir")
		if [ "$v" -gt "$best" ]; then best=$v folder=$dir; fi
	done
	[ "$best" -ge "$least" ] && printf '%s\n' "$folder"
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

# newest prints the newest server package that apt knows, if it is new enough.
newest() {
	apt-cache pkgnames postgresql- 2>/dev/null | sed -nE 's/^postgresql-([0-9]+)$/\1/p' | sort -n | tail -n 1 |
		awk -v least="$least" '$1 >= least {print "postgresql-" $1}'
}

install_with_apt() {
	local package
	say "no PostgreSQL $least or newer here: installing it with apt-get ($(id -un), root or sudo)"
	as_root apt-get update -q >&2 || say "apt-get update failed: going on with the lists that are here"
	package=$(newest)
	if [ -z "$package" ]; then
		say "the package sources of this machine hold no PostgreSQL $least: add those of postgresql.org, then repeat:"
		say "  sudo apt-get install -y postgresql-common && sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y"
		return 1
	fi
	# Only the programs are wanted: no server of the machine's own is set up or started.
	as_root mkdir -p /etc/postgresql-common/createcluster.d
	as_root sh -c 'echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.d/nucleo.conf'
	say "apt-get install $package"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >&2 || true
	as_root rm -f /etc/postgresql-common/createcluster.d/nucleo.conf
}

how_to_install() {
	say "Nucleo needs the programs of a PostgreSQL $least or newer (initdb, postgres). Install them with one of:"
	say "  Debian, Ubuntu   sudo apt-get install postgresql"
	say "  Fedora, RHEL     sudo dnf install postgresql-server"
	say "  Alpine           apk add postgresql16"
	say "  Arch             sudo pacman -S postgresql"
	say "  openSUSE         sudo zypper install postgresql-server"
	say "  macOS            brew install postgresql@17"
	say "or name a running server: TEST_DATABASE_URL=postgres://… make test, NUCLEO_POSTGRES=postgres://… for nucleo serve."
}

find_server && exit 0
[ "${1:-}" = --install ] || exit 1
if command -v apt-get >/dev/null && { [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; }; then
	install_with_apt || true
	find_server && exit 0
fi
how_to_install
exit 1
