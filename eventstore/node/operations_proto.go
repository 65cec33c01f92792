package node

import (
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

// The Go client has no messages of EventStoreDB's service Operations. These are they, as
// far as the node answers them, without being registered: another package of
// this process may have them too.

const operationsService = "event_store.client.operations.Operations"

// Messages of the service.
var (
	startScavengeReq = operationsMessage("StartScavengeReq")
	stopScavengeReq  = operationsMessage("StopScavengeReq")
	scavengeResp     = operationsMessage("ScavengeResp")
)

// How a scavenge answers.
const (
	scavengeStarted    protoreflect.EnumNumber = 0
	scavengeInProgress protoreflect.EnumNumber = 1
	scavengeStopped    protoreflect.EnumNumber = 2
)

var operationsFile = sync.OnceValue(func() protoreflect.FileDescriptor {
	options := func(of string) *descriptorpb.FieldDescriptorProto {
		return field("options", 1, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, "."+operationsPackage+"."+of+".Options")
	}
	const int32Type, text = descriptorpb.FieldDescriptorProto_TYPE_INT32, descriptorpb.FieldDescriptorProto_TYPE_STRING
	results := &descriptorpb.EnumDescriptorProto{Name: proto.String("ScavengeResult")}
	for i, name := range []string{"Started", "InProgress", "Stopped"} {
		results.Value = append(results.Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String(name), Number: proto.Int32(int32(i))})
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("operations.proto"), Package: proto.String(operationsPackage), Syntax: proto.String("proto3"),
		MessageType: []*descriptorpb.DescriptorProto{
			{Name: proto.String("StartScavengeReq"), Field: []*descriptorpb.FieldDescriptorProto{options("StartScavengeReq")},
				NestedType: []*descriptorpb.DescriptorProto{{Name: proto.String("Options"), Field: []*descriptorpb.FieldDescriptorProto{
					field("thread_count", 1, int32Type, ""), field("start_from_chunk", 2, int32Type, "")}}}},
			{Name: proto.String("StopScavengeReq"), Field: []*descriptorpb.FieldDescriptorProto{options("StopScavengeReq")},
				NestedType: []*descriptorpb.DescriptorProto{{Name: proto.String("Options"), Field: []*descriptorpb.FieldDescriptorProto{
					field("scavenge_id", 1, text, "")}}}},
			{Name: proto.String("ScavengeResp"), EnumType: []*descriptorpb.EnumDescriptorProto{results},
				Field: []*descriptorpb.FieldDescriptorProto{field("scavenge_id", 1, text, ""),
					field("scavenge_result", 2, descriptorpb.FieldDescriptorProto_TYPE_ENUM, "."+operationsPackage+".ScavengeResp.ScavengeResult")}},
		},
	}, nil)
	if err != nil {
		panic("node: messages of the service Operations: " + err.Error())
	}
	return file
})

const operationsPackage = "event_store.client.operations"

func operationsMessage(name protoreflect.Name) protoreflect.MessageDescriptor {
	return operationsFile().Messages().ByName(name)
}

func field(name string, number int32, kind descriptorpb.FieldDescriptorProto_Type, of string) *descriptorpb.FieldDescriptorProto {
	f := &descriptorpb.FieldDescriptorProto{
		Name: proto.String(name), Number: proto.Int32(number), Type: kind.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
	}
	if of != "" {
		f.TypeName = proto.String(of)
	}
	return f
}

// get is a field of a message.
func get(m *dynamicpb.Message, name protoreflect.Name) protoreflect.Value {
	return m.Get(m.Descriptor().Fields().ByName(name))
}

func scavengeAnswer(id string, result protoreflect.EnumNumber) *dynamicpb.Message {
	m := dynamicpb.NewMessage(scavengeResp)
	fields := scavengeResp.Fields()
	m.Set(fields.ByName("scavenge_id"), protoreflect.ValueOfString(id))
	m.Set(fields.ByName("scavenge_result"), protoreflect.ValueOfEnum(result))
	return m
}
