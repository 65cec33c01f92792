package node

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// operations is the service Operations, as far as a single node has a use for it: to start
// and to stop a scavenge, for administrators and operators.
type operations struct {
	*streams
	scavenges *scavenges
}

func (o *operations) startScavenge(ctx context.Context, _ *dynamicpb.Message) (*dynamicpb.Message, error) {
	if !o.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	id, started := o.scavenges.Start()
	if !started {
		return scavengeAnswer(id, scavengeInProgress), nil
	}
	return scavengeAnswer(id, scavengeStarted), nil
}

func (o *operations) stopScavenge(ctx context.Context, q *dynamicpb.Message) (*dynamicpb.Message, error) {
	if !o.mayManage(ctx) {
		return nil, accessDenied(ctx)
	}
	options := get(q, "options").Message().Interface().(*dynamicpb.Message)
	id := get(options, "scavenge_id").String()
	if !o.scavenges.Stop(id) {
		return nil, refuse(ctx, codes.NotFound, "Scavenge is not running: "+id, "scavenge-not-found", "scavenge-id", id)
	}
	return scavengeAnswer(id, scavengeStopped), nil
}

// operationsDesc is the service as grpc takes it.
var operationsDesc = grpc.ServiceDesc{
	ServiceName: operationsService, HandlerType: (*any)(nil), Metadata: "operations.proto",
	Methods: []grpc.MethodDesc{
		operationMethod("StartScavenge", startScavengeReq, (*operations).startScavenge),
		operationMethod("StopScavenge", stopScavengeReq, (*operations).stopScavenge),
	},
}

func operationMethod(name string, request protoreflect.MessageDescriptor,
	do func(*operations, context.Context, *dynamicpb.Message) (*dynamicpb.Message, error),
) grpc.MethodDesc {
	return grpc.MethodDesc{MethodName: name, Handler: func(srv any, ctx context.Context, decode func(any) error, between grpc.UnaryServerInterceptor) (any, error) {
		q := dynamicpb.NewMessage(request)
		if err := decode(q); err != nil {
			return nil, err
		}
		handle := func(ctx context.Context, q any) (any, error) {
			return do(srv.(*operations), ctx, q.(*dynamicpb.Message))
		}
		if between == nil {
			return handle(ctx, q)
		}
		return between(ctx, q, &grpc.UnaryServerInfo{Server: srv, FullMethod: "/" + operationsService + "/" + name}, handle)
	}}
}
