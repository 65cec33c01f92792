package postgres

import (
	"os/user"
	"strconv"
)

// settings are given on the command line, over those of postgresql.conf, where
// an operator may set the others. The log holds no statement and no detail:
// both would carry personal data.
func (c *Cluster) settings() []string {
	values := []string{
		"listen_addresses=",
		"port=" + port,
		"unix_socket_directories=" + c.place.serverPath(c.place.socketDir),
		"unix_socket_permissions=0700",
		"max_connections=" + strconv.Itoa(c.config.MaxConnections),
		"shared_buffers=" + c.sharedBuffers(),
		"wal_level=minimal", // nobody follows this cluster, and what is built anew need not be logged
		"max_wal_senders=0",
		"jit=off",
		"logging_collector=on",
		"log_directory=" + c.place.serverPath(c.place.logs),
		"log_filename=postgres-%a.log",
		"log_rotation_age=1d",
		"log_rotation_size=0",
		"log_truncate_on_rotation=on",
		"log_file_mode=0600",
		"log_error_verbosity=terse",
		"log_min_error_statement=panic",
		"log_parameter_max_length=0",
	}
	if c.config.Throwaway {
		values = append(values, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := make([]string, 0, 2*len(values))
	for _, value := range values {
		args = append(args, "-c", value)
	}
	return args
}

// sharedBuffers are small where clusters come and go.
func (c *Cluster) sharedBuffers() string {
	if c.config.Throwaway {
		return sharedBuffers(0)
	}
	return sharedBuffers(memory())
}

// systemUsers are the names of the users that may connect.
func systemUsers(server account) []string {
	names := []string{"root"}
	if u, err := user.Current(); err == nil && u.Username != "root" {
		names = append(names, u.Username)
	}
	if u, err := user.LookupId(strconv.Itoa(int(server.uid))); err == nil && u.Username != "root" {
		names = append(names, u.Username)
	}
	return names
}
