package sealing

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Seal returns the JSON of an event of a type with its personal data sealed.
// keys finds the key of a subject; it is asked once for each. JSON without
// personal data comes back as it is.
func Seal(data []byte, t reflect.Type, at Place, keys func(subject string) (Key, error)) ([]byte, error) {
	return seal(data, t, at, keys, func(nonce []byte) { _, _ = rand.Read(nonce) })
}

func seal(data []byte, t reflect.Type, at Place, keys func(string) (Key, error), random func([]byte)) ([]byte, error) {
	n := planOf(t)
	if n == nil {
		return data, nil
	}
	s := sealer{data: data, document: Documento + "/" + at.ID.String(), clear: make([]byte, 0, len(data))}
	category, key, _ := strings.Cut(at.Stream, "-")
	end, err := s.value(0, n, category+"/"+key)
	if err == nil && end != len(data) {
		err = errJSON
	}
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", at.Type, err)
	}
	if len(s.groups) == 0 {
		return data, nil
	}
	out := append(make([]byte, 0, len(data)*3/2+300*len(s.groups)), prefix...)
	for i := range s.groups {
		key, err := keys(s.groups[i].subject)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = s.groups[i].append(out, at, key, random)
	}
	out = append(out, ']')
	if len(s.clear) > len("{}") {
		out = append(out, ',')
	}
	return append(out, s.clear[1:]...), nil
}

// sealer takes the personal data out of the JSON of one event.
type sealer struct {
	data     []byte
	document string
	path     []byte // JSON pointer of the present value
	clear    []byte // the JSON without them
	groups   []group
}

// group is what one subject has in an event.
type group struct {
	subject string
	places  []string // JSON pointers of the objects that the members were taken out of
	plain   []byte   // a list with one object for each place
}

// value copies the value that begins at i, and returns its end.
func (s *sealer) value(i int, n *node, subject string) (int, error) {
	switch {
	case n == nil || i < len(s.data) && s.data[i] == 'n': // null
		end, err := skip(s.data, i)
		if err == nil {
			s.clear = append(s.clear, s.data[i:end]...)
		}
		return end, err
	case n.elem != nil:
		return s.list(i, n.elem, subject)
	}
	return s.object(i, n, subject)
}

func (s *sealer) list(i int, elem *node, subject string) (int, error) {
	s.clear = append(s.clear, '[')
	above, index := len(s.path), 0
	end, err := parts(s.data, i, func(p part) (int, error) {
		if index > 0 {
			s.clear = append(s.clear, ',')
		}
		s.path = strconv.AppendInt(append(s.path[:above], '/'), int64(index), 10)
		index++
		return s.value(p.value, elem, subject)
	})
	s.path = s.path[:above]
	s.clear = append(s.clear, ']')
	return end, err
}

func (s *sealer) object(i int, n *node, subject string) (int, error) {
	if n.person != "" {
		if named := s.named(i, n.person); named != "" {
			subject = n.class + "/" + named
		}
	}
	var taken [2][]byte
	s.clear = append(s.clear, '{')
	above, begun := len(s.path), len(s.clear)
	end, err := parts(s.data, i, func(p part) (int, error) {
		m := n.members[string(p.name)]
		if m.kind != "" {
			end, err := skip(s.data, p.value)
			if err == nil {
				t := &taken[m.owner()]
				*t = append(append(*t, ','), s.data[p.begin:end]...)
			}
			return end, err
		}
		if len(s.clear) > begun {
			s.clear = append(s.clear, ',')
		}
		s.clear = append(s.clear, s.data[p.begin:p.value]...)
		s.path = append(append(s.path[:above], '/'), p.name...)
		return s.value(p.value, m.child, subject)
	})
	s.path = s.path[:above]
	s.clear = append(s.clear, '}')
	if taken[ofDocument] != nil {
		s.take(s.document, taken[ofDocument])
	}
	if taken[ofPerson] != nil {
		s.take(subject, taken[ofPerson])
	}
	return end, err
}

// named is the person that a member of the object at i names, if it names one.
func (s *sealer) named(i int, member string) (id string) {
	_, _ = parts(s.data, i, func(p part) (int, error) {
		end, err := skip(s.data, p.value)
		if err == nil && string(p.name) == member {
			id, err = string(bytes.Trim(s.data[p.value:end], `"`)), errFound
		}
		return end, err
	})
	if strings.Trim(id, "0-") == "" || id == "null" {
		return ""
	}
	return id
}

// take gives members of the present object to a subject.
func (s *sealer) take(subject string, members []byte) {
	i := 0
	for i < len(s.groups) && s.groups[i].subject != subject {
		i++
	}
	if i == len(s.groups) {
		s.groups = append(s.groups, group{subject: subject})
	}
	g := &s.groups[i]
	g.places = append(g.places, string(s.path))
	g.plain = append(append(append(g.plain, ",{"...), members[1:]...), '}')
}
