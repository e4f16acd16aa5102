#!/bin/sh
# Writes an overlay of Go's own package time into FOLDER, in which time.Now can be moved: moved-clock.sh FOLDER. Then
#   go build -overlay FOLDER/overlay.json -tags movedclock
# builds an adapter with a client clock that can be moved (capability clock), as libfaketime does for programs that use
# the C library. The monotonic clock is not moved, so that time limits use real time. Go and the client are not changed.
set -eu
folder=${1:?name a folder for the overlay}
time=$(go env GOROOT)/src/time
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

sed 's/^\tsec, nsec, mono := \(runtimeNow\|now\)()$/&\n\tsec, nsec = moved(sec, nsec)/' "$time/time.go" >"$folder/time.go"
if [ "$(grep -c 'moved(sec, nsec)$' "$folder/time.go")" != 1 ]; then
  echo "moved-clock.sh: time.Now of $(go env GOVERSION) differs from what this script can change" >&2
  exit 1
fi

cat >"$folder/moved.go" <<'EOF'
package time

import "sync/atomic"

var movedBy atomic.Int64

// MoveNow adds d to the times that Now returns.
func MoveNow(d Duration) { movedBy.Add(int64(d)) }

// PutNowBack makes Now return the real time again.
func PutNowBack() { movedBy.Store(0) }

func moved(sec int64, nsec int32) (int64, int32) {
	total := int64(nsec) + movedBy.Load()%1e9
	return sec + movedBy.Load()/1e9 + (total+2e9)/1e9 - 2, int32((total + 2e9) % 1e9)
}
EOF

cat >"$folder/overlay.json" <<EOF
{"Replace": {"$time/time.go": "$folder/time.go", "$time/moved.go": "$folder/moved.go"}}
EOF
