package node

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"nucleo/eventstore/node/eventlog"
	"nucleo/eventstore/node/persistent"
)

// Who may do what on a stream is said by the key $acl of its metadata, else by the
// stream $settings, else by the rules of a secured EventStoreDB: ordinary streams
// are for all users, $all and system streams for administrators. An administrator
// may do everything.

// operation is what somebody wants with a stream.
type operation string

const (
	toRead      operation = "$r"
	toWrite     operation = "$w"
	toDelete    operation = "$d"
	toReadMeta  operation = "$mr"
	toWriteMeta operation = "$mw"
)

const (
	groupAdmins = "$admins"
	groupOps    = "$ops"
	everybody   = "$all"
)

// names are those of users and groups: a text or a list of texts.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*n = names{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// acl says for each operation who may; what it does not name is left to the default.
type acl map[operation]names

func (s *streams) mayRead(ctx context.Context, stream string) bool {
	return s.may(ctx, stream, toRead)
}

func (s *streams) mayWrite(ctx context.Context, stream string) bool {
	return stream != persistent.All && s.may(ctx, stream, toWrite)
}

func (s *streams) mayDelete(ctx context.Context, stream string) bool {
	return stream != persistent.All && s.may(ctx, stream, toDelete)
}

// mayManage reports whether the caller may make, change and end groups.
func (s *streams) mayManage(ctx context.Context) bool {
	return !s.secured || callerOf(ctx).in(groupAdmins, groupOps)
}

func (s *streams) may(ctx context.Context, stream string, want operation) bool {
	user := callerOf(ctx)
	if !s.secured || user.in(groupAdmins) {
		return true
	}
	if of, ok := strings.CutPrefix(stream, "$$"); ok && of != "" {
		stream = of
		switch want {
		case toRead:
			want = toReadMeta
		default:
			want = toWriteMeta
		}
	}
	allowed, err := s.allowed(ctx, stream, want)
	return err == nil && user.in(allowed...)
}

// allowed are the users and groups that may. What cannot be read allows nobody.
func (s *streams) allowed(ctx context.Context, stream string, want operation) (names, error) {
	var own struct {
		ACL acl `json:"$acl"`
	}
	if err := s.newest(ctx, "$$"+stream, &own); err != nil {
		return nil, err
	}
	if list, ok := own.ACL[want]; ok {
		return list, nil
	}
	var settings struct {
		User   acl `json:"$userStreamAcl"`
		System acl `json:"$systemStreamAcl"`
	}
	if err := s.newest(ctx, "$settings", &settings); err != nil {
		return nil, err
	}
	usual, otherwise := settings.User, names{everybody}
	if strings.HasPrefix(stream, "$") {
		usual, otherwise = settings.System, names{groupAdmins}
	}
	if list, ok := usual[want]; ok {
		return list, nil
	}
	return otherwise, nil
}

// newest decodes the last event of a stream, if there is one that can be.
func (s *streams) newest(ctx context.Context, stream string, into any) error {
	for e, err := range s.log.ReadStream(ctx, stream, eventlog.End, eventlog.Backwards, 1) {
		if eventlog.Gone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return json.Unmarshal(e.Data, into)
	}
	return nil
}

// in reports whether the user has one of the names, or belongs to such a group.
func (u User) in(list ...string) bool {
	for _, name := range list {
		if name == everybody || name == u.Name || slices.Contains(u.Groups, name) {
			return true
		}
	}
	return false
}
