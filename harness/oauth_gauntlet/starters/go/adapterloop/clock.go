//go:build !movedclock

package adapterloop

// A Go program asks the kernel for the time, and nothing outside of it can move its clock. An adapter that is built as
// moved-clock.sh says has a clock that moves; this one has not.
const clockMoves = false

func moveClock(float64) {}

func putClockBack() {}
