namespace MLNet.LrSchedule.Schedules;

/// <summary>Schedules by name; a number is the constant schedule, a function is saved as opaque.</summary>
internal sealed class ScheduleConverter() : NamedRecordConverter<Schedule>("schedule", RecordNames.Schedules)
{
    protected override Schedule ReadNumber(double value) => new ConstantSchedule(value);

    protected override double? AsNumber(Schedule value) => (value as ConstantSchedule)?.Value;

    protected override Schedule Saved(Schedule value) => value is CustomSchedule or CustomRecurrence ? new OpaqueSchedule() : value;
}
