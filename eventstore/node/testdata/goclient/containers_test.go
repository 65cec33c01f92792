package esdb_test

// It stands in for the file of the same name in the client's own tests, which
// starts servers in containers: here they run already, and are named by the
// environment.

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/goombaio/namegenerator"
)

var NAME_GENERATOR = namegenerator.NewNameGenerator(0)

type Container struct{ Endpoint string }

func (*Container) Close() {}

type ESDBVersion struct{ Maj, Min, Patch int }

type VersionPredicateFn = func(ESDBVersion) bool

func IsESDB_Version(p VersionPredicateFn) bool { return p(ESDBVersion{24, 10, 0}) }

func IsESDBVersion20() bool { return false }

func GetEnvOrDefault(key, defaultValue string) string {
	if value, ok := os.LookupEnv(key); ok {
		return value
	}
	return defaultValue
}

func CreateEmptyDatabase(t *testing.T) (*Container, *esdb.Client) { return database(t, "NODE_EMPTY") }

func CreatePopulatedDatabase(t *testing.T) (*Container, *esdb.Client) {
	return database(t, "NODE_POPULATED")
}

func database(t *testing.T, name string) (*Container, *esdb.Client) {
	c := &Container{os.Getenv(name)}
	if c.Endpoint == "" {
		t.Fatal(name + " is not set")
	}
	return c, GetClient(t, c)
}

func GetClient(t *testing.T, c *Container) *esdb.Client {
	if GetEnvOrDefault("EVENTSTORE_INSECURE", "true") == "true" {
		return CreateClient(fmt.Sprintf("esdb://%s?tls=false", c.Endpoint), t)
	}
	return CreateClient(fmt.Sprintf("esdb://admin:changeit@%s?tlsverifycert=false&tls=true", c.Endpoint), t)
}

func CreateClient(url string, t *testing.T) *esdb.Client {
	cfg, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	client, err := esdb.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func WaitForAdminToBeAvailable(t *testing.T, db *esdb.Client) {
	s, err := db.ReadStream(context.Background(), "$users", esdb.ReadStreamOptions{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}
