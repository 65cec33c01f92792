package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

func campoCmd() *cobra.Command {
	return &cobra.Command{
		Use: "campo PATH", Short: "print one field of the JSON on standard input", Args: cobra.ExactArgs(1),
		Long: "campo reads JSON from standard input and prints the field of a path: texts as they are, anything else as JSON.\n" +
			"It ends with status 1 when there is no such field. It is what scripts need where no other JSON tool is.",
		Example: "  curl -sS …/casi/ricerche … | nucleo campo items.0.id",
		RunE: func(cmd *cobra.Command, args []string) error {
			testo, trovato, err := campo(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			if !trovato {
				return errDetto
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), testo)
			return err
		},
	}
}

// campo is the field of a path: names of fields and numbers of entries,
// between dots.
func campo(r io.Reader, path string) (testo string, trovato bool, err error) {
	var v any
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return "", false, errors.New("what came in is not JSON")
	}
	for _, nome := range strings.Split(path, ".") {
		var c bool
		switch di := v.(type) {
		case map[string]any:
			v, c = di[nome]
		case []any:
			n, err := strconv.Atoi(nome)
			if c = err == nil && n >= 0 && n < len(di); c {
				v = di[n]
			}
		}
		if !c {
			return "", false, nil
		}
	}
	if s, is := v.(string); is {
		return s, true, nil
	}
	b, err := json.Marshal(v)
	return string(b), true, err
}
