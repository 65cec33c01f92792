package sealing

import (
	"bytes"
	"errors"
)

// errJSON is about JSON that is not what encoding/json writes: valid, without
// white space between its tokens. Whether it is valid in all else is for the
// decoder to say, which reads what is opened.
var errJSON = errors.New("its JSON cannot be followed")

// skip is the end of the value that begins at i.
func skip(data []byte, i int) (int, error) {
	if i >= len(data) {
		return 0, errJSON
	}
	switch data[i] {
	case '"':
		return skipString(data, i)
	case '{', '[':
	default:
		for i < len(data) && data[i] != ',' && data[i] != '}' && data[i] != ']' {
			i++
		}
		return i, nil
	}
	for depth := 0; i < len(data); {
		switch data[i] {
		case '"':
			var err error
			if i, err = skipString(data, i); err != nil {
				return 0, err
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
		i++
	}
	return 0, errJSON
}

// skipString is the end of the string that begins at i.
func skipString(data []byte, i int) (int, error) {
	if i >= len(data) || data[i] != '"' {
		return 0, errJSON
	}
	for i++; ; i++ {
		n := bytes.IndexByte(data[i:], '"')
		if n < 0 {
			return 0, errJSON
		}
		escaped := false
		for j := i + n - 1; j >= i && data[j] == '\\'; j-- {
			escaped = !escaped
		}
		if i += n; !escaped {
			return i + 1, nil
		}
	}
}

// part is a member of an object, or an element of a list: its name in its
// quotes, and where its value begins.
type part struct {
	name  []byte
	begin int // of the whole
	value int
}

// parts calls f for each part of the object or list that begins at i. f returns
// the end of the part's value. parts is the end of the whole.
func parts(data []byte, i int, f func(part) (int, error)) (int, error) {
	if i >= len(data) || data[i] != '{' && data[i] != '[' {
		return 0, errJSON
	}
	return inside(data, i+1, data[i]+2, f) // { and }, [ and ] lie two apart
}

// inside is parts from behind the bracket on, up to the one that ends the whole.
func inside(data []byte, i int, end byte, f func(part) (int, error)) (int, error) {
	if i < len(data) && data[i] == end {
		return i + 1, nil
	}
	for {
		p := part{begin: i, value: i}
		if end == '}' {
			after, err := skipString(data, i)
			if err != nil || after >= len(data) || data[after] != ':' {
				return 0, errJSON
			}
			p.name, p.value = data[i+1:after-1], after+1
		}
		next, err := f(p)
		switch {
		case err != nil:
			return 0, err
		case next >= len(data) || data[next] != ',' && data[next] != end:
			return 0, errJSON
		case data[next] == end:
			return next + 1, nil
		}
		i = next + 1
	}
}
