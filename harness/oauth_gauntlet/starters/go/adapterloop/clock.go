//go:build !movedclock

package adapterloop

// A Go program asks the kernel for the time, so that its clock cannot be moved from outside. An adapter that is built
// with the overlay of moved-clock.sh has a clock that moves; this build has none.
const clockMoves = false

func moveClock(float64) {}

func putClockBack() {}
