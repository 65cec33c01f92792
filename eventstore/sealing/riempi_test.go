package sealing_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/google/uuid"

	"nucleo/domain/giorno"
	"nucleo/domain/personale"
)

// riempi fills a value with random ones, and returns the personal texts.
func riempi(rng *rand.Rand, v reflect.Value, kind string) (canaries []string) {
	switch p := v.Addr().Interface().(type) {
	case *uuid.UUID:
		*p = uuid.New()
		return nil
	case *time.Time:
		*p = time.Unix(rng.Int64N(1<<31), 0).UTC()
		return nil
	case *giorno.Giorno:
		*p = giorno.Giorno(700_000 + rng.IntN(40_000))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		text := fmt.Sprintf(`z%dq`, rng.Uint64())
		if v.Type() == reflect.TypeFor[string]() && rng.IntN(2) == 0 {
			text += []string{`"`, `\`, "\n", `}{,:]`, "è<&>", `\"`, "\u2028"}[rng.IntN(7)]
		}
		if rng.IntN(8) == 0 {
			text = ""
		}
		v.SetString(text)
		if b, _ := json.Marshal(text); kind != "" && text != "" {
			canaries = []string{string(b[1 : len(b)-1])}
		}
	case reflect.Bool:
		v.SetBool(rng.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(rng.Int64N(100))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(rng.Uint64N(100))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(rng.Float64())
	case reflect.Pointer:
		if rng.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			return riempi(rng, v.Elem(), kind)
		}
	case reflect.Slice:
		n := rng.IntN(4)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			canaries = append(canaries, riempi(rng, v.Index(i), kind)...)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		canaries = append(riempi(rng, k, kind), riempi(rng, e, kind)...)
		v.SetMapIndex(k, e)
	case reflect.Struct:
		if _, own := v.Interface().(encoding.TextMarshaler); own {
			kind = ""
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				k := kind
				if tag := f.Tag.Get(personale.Tag); tag != "" {
					k = tag
				}
				canaries = append(canaries, riempi(rng, v.Field(i), k)...)
			}
		}
	}
	return canaries
}
