package node

import (
	"context"
	"errors"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"nucleo/eventstore/node/eventlog"
)

// refuse answers with a status and the trailers that the official clients look at.
func refuse(ctx context.Context, code codes.Code, message, exception string, trailers ...string) error {
	_ = grpc.SetTrailer(ctx, metadata.Pairs(append([]string{"exception", exception}, trailers...)...))
	return status.Error(code, message)
}

func streamDeleted(ctx context.Context, stream string) error {
	return refuse(ctx, codes.FailedPrecondition, "Event stream '"+stream+"' is deleted.", "stream-deleted", "stream-name", stream)
}

func accessDenied(ctx context.Context) error {
	return refuse(ctx, codes.PermissionDenied, "Access Denied", "access-denied")
}

func wrongVersion(ctx context.Context, stream string, e *eventlog.WrongVersionError) error {
	return refuse(ctx, codes.FailedPrecondition,
		"Delete failed due to WrongExpectedVersion. Stream: "+stream+", Expected version: "+strconv.FormatInt(e.Expected, 10),
		"wrong-expected-version", "stream-name", stream,
		"expected-version", strconv.FormatInt(e.Expected, 10), "actual-version", strconv.FormatInt(e.Current, 10))
}

// statusOf turns an error of the log into the status of a call on a stream.
func statusOf(ctx context.Context, stream string, err error) error {
	var corrupt *eventlog.CorruptError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, eventlog.ErrStreamDeleted):
		return streamDeleted(ctx, stream)
	case errors.Is(err, eventlog.ErrInvalid):
		return status.Error(codes.InvalidArgument, err.Error())
	case errors.Is(err, eventlog.ErrNoSpace):
		return status.Error(codes.ResourceExhausted, err.Error())
	case errors.As(err, &corrupt):
		return status.Error(codes.DataLoss, err.Error())
	case errors.Is(err, eventlog.ErrClosed), errors.Is(err, eventlog.ErrFailed):
		return status.Error(codes.Unavailable, "Server Is Not Ready")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err).Err()
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	return status.Error(codes.Internal, err.Error())
}
