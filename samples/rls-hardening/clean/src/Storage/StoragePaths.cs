namespace Connect.Storage;

/// <summary>Where objects stand in the buckets; the policies of storage.objects go by these names.</summary>
public static class StoragePaths
{
    public const string Avatars = "avatars";

    public const string ChatMedia = "chat-media";

    /// <summary>In the bucket <see cref="Avatars"/>: <c>{userId}.jpg</c>.</summary>
    public static string Avatar(Guid userId) => $"{userId}.jpg";

    /// <summary>In the bucket <see cref="ChatMedia"/>: <c>{chatId}/{file}</c>.</summary>
    public static string Media(Guid chatId, string extension) => $"{chatId}/{Guid.NewGuid():N}.{extension}";
}
