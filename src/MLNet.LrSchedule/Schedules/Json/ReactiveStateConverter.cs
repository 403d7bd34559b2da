namespace MLNet.LrSchedule.Schedules;

/// <summary>States of reactive schedules by name.</summary>
internal sealed class ReactiveStateConverter() : NamedRecordConverter<ReactiveState>("state", RecordNames.ReactiveStates);
