package bwe

// State says what holds or moves the estimate.
type State uint8

// The states of an estimator.
const (
	Growing  State = iota // towards what is proven
	Holding               // a queue is there, or too little is known
	Draining              // a queue built up: under the link's capacity until it is gone
	Silent                // feedback is due and does not come
	Reported              // no transport feedback: by receiver reports and REMB alone
)

// String names the state for statistics.
func (s State) String() string {
	switch s {
	case Growing:
		return "growing"
	case Holding:
		return "holding"
	case Draining:
		return "draining"
	case Silent:
		return "silent"
	case Reported:
		return "reported"
	default:
		return "unknown"
	}
}
