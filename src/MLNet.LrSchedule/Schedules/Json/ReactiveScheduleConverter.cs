namespace MLNet.LrSchedule.Schedules;

/// <summary>Reactive schedules by name; a function is saved as opaque.</summary>
internal sealed class ReactiveScheduleConverter() : NamedRecordConverter<ReactiveSchedule>("reactive", RecordNames.Reactive)
{
    protected override ReactiveSchedule Saved(ReactiveSchedule value) => value is FunctionOfMetric ? new OpaqueReactiveSchedule { Metric = value.Metric } : value;
}
