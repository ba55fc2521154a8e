package steer

// Plan asks what the task would cost; see Plan.
func (t AttributeTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t BaselineTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t BehaviorTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t CalibrateTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t CaptureTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t ContrastTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t ControlVectorTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t DecomposeTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t EdgesTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t FaithfulnessTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t GenerateEachTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t GenerateTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t InfoTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t LogitLensTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t MeanActivationsTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t MethodsTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t PatchTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t PredictTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t ProfilesTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t StabilityTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t SweepTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t TokensTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t TopActivationsTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t UnembedTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t UniversalTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t VerdictTask) Plan() PlanTask { return planOf(t) }

// Plan asks what the task would cost; see Plan.
func (t WritesTask) Plan() PlanTask { return planOf(t) }
