using TaskPlatform.Data;

namespace TaskPlatform.Services;

public sealed record CreateTaskRequest(Guid ProjectId, string Title, string Priority);

public sealed class CreateTaskUseCase(TaskRepository tasks, AccessLog log)
{
    public async Task<Guid> ExecuteAsync(CreateTaskRequest request, CancellationToken cancellationToken)
    {
        var id = await tasks.CreateAsync(request.ProjectId, request.Title, request.Priority, cancellationToken);
        await log.WriteAsync("task", id, "create", cancellationToken);
        return id;
    }
}

/// <summary>The tasks of one user. What it holds is scoped before it gets here.</summary>
public sealed class TaskApplicationService(TaskRepository tasks, AccessLog log)
{
    private readonly CreateTaskUseCase _createTask = new(tasks, log);

    public Task<IEnumerable<TaskItem>> ListAsync(string? status, CancellationToken cancellationToken) =>
        tasks.ListAsync(status, cancellationToken);

    public Task<TaskItem?> FindAsync(Guid id, CancellationToken cancellationToken) => tasks.FindAsync(id, cancellationToken);

    public Task<Guid> CreateAsync(CreateTaskRequest request, CancellationToken cancellationToken) =>
        _createTask.ExecuteAsync(request, cancellationToken);

    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var isDeleted = await tasks.DeleteAsync(id, cancellationToken) > 0;
        if (isDeleted)
            await log.WriteAsync("task", id, "delete", cancellationToken);
        return isDeleted;
    }
}
