/** As far as the tests use it: the package comes without types, and those of DefinitelyTyped lack `basePath`. */
declare module '@mailchimp/mailchimp_marketing' {
  type Answer = Promise<unknown>;

  interface MailchimpClient {
    /** Public in the code of 3.0.80, and the only way to another host. */
    basePath: string;
    setConfig(config: { apiKey?: string; accessToken?: string; server?: string }): void;
    readonly ping: { get(): Answer };
    readonly root: { getRoot(): Answer };
    readonly lists: {
      getList(list: string): Answer;
      getListMergeFields(list: string, options?: object): Answer;
      addListMergeField(list: string, body: object): Answer;
      deleteListMergeField(list: string, id: string): Answer;
      addListMember(list: string, body: object): Answer;
      setListMember(list: string, hash: string, body: object, options?: object): Answer;
      updateListMember(list: string, hash: string, body: object): Answer;
      getListMember(list: string, hash: string, options?: object): Answer;
      deleteListMember(list: string, hash: string): Answer;
      deleteListMemberPermanent(list: string, hash: string): Answer;
      getListMemberTags(list: string, hash: string, options?: object): Answer;
      updateListMemberTags(list: string, hash: string, body: object): Answer;
      createListMemberEvent(list: string, hash: string, body: object): Answer;
      getListMemberEvents(list: string, hash: string): Answer;
      batchListMembers(list: string, body: object, options?: object): Answer;
      tagSearch(list: string, options?: object): Answer;
    };
    readonly batches: { start(body: object): Answer; status(id: string): Answer };
  }

  const client: MailchimpClient;
  export default client;
}
