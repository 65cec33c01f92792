package node

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// anonymous calls need no credentials: a client makes them before it sends any.
func anonymous(method string) bool {
	switch method {
	case "/event_store.client.server_features.ServerFeatures/GetSupportedMethods",
		"/event_store.client.gossip.Gossip/Read":
		return true
	}
	return false
}

type userKey struct{}

// admit finds out who calls. It returns a context that knows the user.
func (g *gate) admit(ctx context.Context, method string) (context.Context, error) {
	if g == nil || anonymous(method) {
		return ctx, nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	header := md.Get("authorization")
	if len(header) == 0 {
		return ctx, accessDenied(ctx)
	}
	name, password, ok := basic(header[0])
	if !ok || !g.admits(name, password) {
		return ctx, status.Error(codes.Unauthenticated, "the user name or the password is wrong")
	}
	return context.WithValue(ctx, userKey{}, g.users[name]), nil
}

// callerOf is the user who calls; nobody where no credentials are asked for.
func callerOf(ctx context.Context) User {
	user, _ := ctx.Value(userKey{}).(User)
	return user
}

func basic(header string) (name, password string, ok bool) {
	scheme, value, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "basic") {
		return "", "", false
	}
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(raw), ":")
}

func (g *gate) unary(ctx context.Context, q any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	ctx, err := g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return handle(ctx, q)
}

func (g *gate) stream(srv any, call grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	ctx, err := g.admit(call.Context(), info.FullMethod)
	if err != nil {
		if !info.IsServerStream || !info.IsClientStream {
			drain(call)
		}
		return err
	}
	return handle(srv, admitted{call, ctx})
}

// drain reads a refused request to its end, so that the client gets the answer.
func drain(call grpc.ServerStream) {
	for range maxDrain {
		if err := call.RecvMsg(&shared.Empty{}); err != nil {
			return
		}
	}
}

type admitted struct {
	grpc.ServerStream
	ctx context.Context
}

func (a admitted) Context() context.Context { return a.ctx }
