package lab

// Members are those that a check can ask for.
func Members() []string { return members() }
