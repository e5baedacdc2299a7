using TaskPlatform.Data;

namespace TaskPlatform.Services;

public sealed record CreateTaskRequest(Guid ProjectId, string Title, string Priority);

public sealed class CreateTaskUseCase(TaskRepository tasks)
{
    public Task<Guid> ExecuteAsync(CreateTaskRequest request, CancellationToken cancellationToken) =>
        tasks.CreateAsync(request.ProjectId, request.Title, request.Priority, cancellationToken);
}

public sealed class TaskApplicationService(TaskRepository tasks, Guid? userId = null)
{
    private readonly CreateTaskUseCase _createTask = new(Scoped(tasks, userId));

    public TaskApplicationService WithUser(Guid user) => new(tasks, user);

    public Task<IEnumerable<TaskItem>> ListAsync(string? status, CancellationToken cancellationToken) =>
        Scoped(tasks, userId).ListAsync(status, cancellationToken);

    public Task<TaskItem?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Scoped(tasks, userId).FindAsync(id, cancellationToken);

    public Task<Guid> CreateAsync(CreateTaskRequest request, CancellationToken cancellationToken) =>
        _createTask.ExecuteAsync(request, cancellationToken);

    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken) =>
        await Scoped(tasks, userId).DeleteAsync(id, cancellationToken) > 0;

    private static TaskRepository Scoped(TaskRepository tasks, Guid? userId) =>
        userId is { } id ? tasks.WithUser(id) : tasks;
}
