"""Articles and topics in the admin: Django's change form with blocks; its URLs include the review screens."""

import json
from typing import Any

from content_editor.admin import ContentEditor
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import slugify
from django.views.decorators.gzip import gzip_page
from js_asset import ImportMap, Media, Script

from education.accounts.models import User, staff
from education.articles import workflow
from education.articles.commenting import views as commenting
from education.articles.content.blocks import BLOCK_TYPES, BLOCKS
from education.articles.editing.autosave_admin import AutosaveMixin
from education.articles.editing.csp import EDITOR_STYLES, with_nonce
from education.articles.editing.inlines import BlockForms, BlockInline, new_block_link
from education.articles.finding import bodies
from education.articles.finding import views as finding
from education.articles.finding.bulk import BulkActions
from education.articles.finding.filters import EvidenceFilter, OwnerFilter, ReviewFilter, StateFilter
from education.articles.models import Article, Topic
from education.articles.publishing import actions, deleting, moves
from education.articles.publishing.notes import sent_back_note
from education.articles.reviewing import views
from education.core.admin import CappedPaginator, ComesBack, ListedFilters, PlainWords, named
from education.core.typesetting.html import curved
from education.wording.admin import SignedWordsAdmin

OTHER_NAMES_HELP = (
    "What else people type into search, misspelled or in another language too. One a line, such as RA. The list from "
    "A to Z shows those of a condition or treatment that stand in the title, the summary or the text of its page."
)
SHELF = ["topic", "kind", "slug"]  # what a page can't be saved without
FURTHER = ["language", "aliases", "author", "written_by_clinic"]
FOLD, FOLD_OF_NEW = "Topic, address and author", "Language, other names and author"
ADDRESS_LENGTH = 120
ADDRESS_HELP = "The end of the page’s address. Left empty, it is made of the title."
PLACE_HELP = "Its place among the topics: the lowest number comes first."
NO_TITLE = "Write a title. Everything else can wait."
REFUSED = {
    "title": {"required": NO_TITLE, "blank": NO_TITLE},
    "topic": {"required": "Choose the topic under which patients find this page."},
    "slug": {"unique": "Another page has this address already. Choose another one."},
}
READ = [
    "title",
    "summary",
    "topic",
    "kind",
    "slug",
    "language",
    "aliases",
    "author",
    "owner",
]  # what those see who may not write
# The editor's scripts. The page names those that others import too: so the browser fetches all of them at once.
AT_ONCE = (
    *("block", "cells", "chooser", "combobox", "facts", "grid", "references", "rich-text", "actions"),
    *("cards", "comments", "beside", "live-preview", "outline", "suggest", "studies", "choices"),
    *("still-missing", "undo"),
)
WHEN_WANTED = ("picker", "upload", "look-up", "pasted")
EDITOR_MODULES = ImportMap({f"editor/{name}": f"js/editor/{name}.js" for name in (*AT_ONCE, *WHEN_WANTED)})
FORM_SCRIPT = Script("js/editor/form.js", type="module")  # before those that Django or the block editor bring
EDITOR_SCRIPTS = [Script(f"js/editor/{name}.js", type="module") for name in AT_ONCE]
EDITOR_SCRIPTS += [Script("js/pasting.js", type="module")]
VOIDED = {
    workflow.SIGNED_OFF: "The words changed, so the clinician’s signature no longer holds.",
    workflow.SCHEDULED: "The words changed, so the signature no longer holds and the planned publication is off.",
}


def _show_comments(article: Article, inlines: Any) -> None:
    """Give each saved block of the form its open comments, for the template."""
    blocks = [form.instance for inline in inlines for form in inline.formset.forms if form.instance.pk]
    threads = commenting.threads_by_block(article, blocks)
    for block in blocks:
        block.comment_name = commenting.name_of(block)
        block.threads = threads.get(block.comment_name, [])


def _possible_owners(article: Article | None) -> QuerySet[User]:
    """Those who may write, as in the list of articles; and who owns the page now, or saving would take it away."""
    writers = User.objects.with_permission(workflow.MAY_WRITE).order_by().values("pk")
    return User.objects.filter(Q(pk__in=writers) | Q(pk=article and article.owner_id)).order_by("username")


def _standing(article: Article, live: str) -> str:
    """What patients read, as `live` says it, and how far the draft is."""
    if not article.current_edition_id:
        return f"{article.get_state_display()}, not published"
    unsigned = "" if article.sign_off_id else ", unsigned"
    if article.state == workflow.PUBLISHED:
        return f"{live}{unsigned}"
    draft = {workflow.DRAFT: "draft has changes"}.get(article.state, f"draft {article.get_state_display().lower()}")
    return f"{live}{unsigned}; {draft}"


class ArticleList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> Any:
        """Topics and owners are fetched in queries of their own, only for the rows that are shown."""
        return super().get_queryset(request, exclude_parameters).prefetch_related("topic", "owner")


class ArticleForm(forms.ModelForm[Article]):
    """A page without an address gets one of its title, as the script does while the title is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        typed, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
        address = str(typed or slugify(title)[:ADDRESS_LENGTH].strip("-"))
        if title and not address:
            raise forms.ValidationError("Write an address: small letters, digits and hyphens, such as sleep-and-pain.")
        return address


@admin.register(Article)
class ArticleAdmin(BulkActions, ComesBack, PlainWords, AutosaveMixin, ListedFilters, ContentEditor):  # type: ignore[misc]
    form = ArticleForm
    change_form_template = "admin/articles/change_form.html"
    change_list_template = "admin/articles/change_list.html"
    inlines = [BlockInline.of(block) for block in BLOCKS]
    list_display = ["title", "topic", "kind", "stands", "owned_by", "changed"]
    list_filter = [StateFilter, OwnerFilter, ReviewFilter, EvidenceFilter, "topic", "kind", "language"]
    list_per_page = 50
    list_select_related = ()  # with a join, the database sorts all rows instead of reading an index: see ArticleList
    search_fields = ["title"]  # so that there is a search: get_search_results says what it looks through
    sortable_by = ["title", "changed"]  # the columns that have an index
    show_full_result_count = False
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (FOLD, {"classes": ["collapse"], "fields": [*SHELF, *FURTHER, "owner"]}),
    ]

    @admin.display(description="state")
    def stands(self, article: Article) -> str:
        """Without the number of the edition: a row has one line."""
        return _standing(article, "Live")

    @admin.display(description="owner")
    def owned_by(self, article: Article) -> str:
        if not article.owner:
            return format_html('<span class="nothing">{}</span>', "Nobody")
        return named("Owner", article.owner.get_username())

    @admin.display(description="changed", ordering="updated_at")
    def changed(self, article: Article) -> str:
        """When it was last changed, on one line: the time of day is of use on the same day only."""
        moment = timezone.localtime(article.updated_at)
        if moment.date() == timezone.localdate():
            return f"Today, {date_format(moment, 'TIME_FORMAT')}"
        return date_format(moment, "DATE_FORMAT")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search all that a draft says, not only its title."""
        return bodies.with_words(queryset, search_term) if search_term else queryset, False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        rows = {"title": 1, "summary": 3, "aliases": 5}
        widgets = {name: forms.Textarea(attrs={"rows": count}) for name, count in rows.items()}
        help_texts = {"aliases": OTHER_NAMES_HELP, "slug": ADDRESS_HELP}
        said = {"help_texts": help_texts, "error_messages": REFUSED}
        form = super().get_form(request, obj, change, widgets=widgets, **said, **kwargs)
        if "owner" in form.base_fields:
            form.base_fields["owner"].queryset = _possible_owners(obj)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Topic and owner are saved only if the editor changed them: they are not part of what a conflict compares."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in ("topic", "owner"):
            field.show_hidden_initial = True
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """The address of a page that patients can read, or could, is fixed: links and leaflets lead to it, and there a
        withdrawn page says that it was withdrawn.
        """
        return ["topic", "kind", "slug"] if obj and (obj.current_edition_id or obj.withdrawn_at) else []

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if not obj:
            return [
                (None, {"fields": ["title", "summary", *SHELF]}),
                (FOLD_OF_NEW, {"classes": ["collapse"], "fields": FURTHER}),
            ]
        return self.fieldsets if self.has_change_permission(request, obj) else [(None, {"fields": READ})]

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list[BlockForms]:
        return [BlockForms(found) for found in super().get_inline_formsets(*args, **kwargs)]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """One draft at a time, and none that was ever published or signed."""
        return bool(obj and request.user.has_perm(workflow.MAY_WRITE) and deleting.may_be_deleted(obj))

    @method_decorator(gzip_page)
    @method_decorator(csp_update({"style-src": EDITOR_STYLES, "frame-src": ["'self'"]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def title_of(self, obj: Article | None) -> str:
        return f"Edit “{curved(obj.title)}”" if obj else "New article"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> TemplateResponse:
        obj: Article | None = kwargs.get("obj")
        edition = obj.current_edition if obj else None
        context["state"] = _standing(obj, f"Edition {edition.number} is live" if edition else "") if obj else ""
        context["sent_back"] = sent_back_note(obj) if obj else None
        if obj:
            context["open_tasks"] = obj.comments.open_tasks()
            _show_comments(obj, context["inline_admin_formsets"])
        response: TemplateResponse = super().render_change_form(request, context, **kwargs)
        data = response.context_data or {}
        ours = Media(css={"all": ["css/editor.css"]}, js=EDITOR_SCRIPTS, importmap=EDITOR_MODULES)
        data["media"] = with_nonce(Media(js=[FORM_SCRIPT]) + data["media"] + ours, request)
        return response

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save changed fields only: a publication, or a new owner, in the meantime must not be undone."""
        if not change:
            obj.save()
            return
        obj.save(update_fields=[*(name for name in form.changed_data if name != "owner"), "updated_at"])
        if "owner" in form.changed_data:
            actions.assign(obj, owner=obj.owner, by=staff(request))

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        deleting.delete_draft(obj, by=staff(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = form.instance.state
        actions.draft_saved(form.instance, by=staff(request))
        if (void := VOIDED.get(before)) and form.instance.state == workflow.DRAFT:
            messages.warning(request, void)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._after_save(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj) or super().response_add(request, obj, post_url_continue)

    def _after_save(self, request: HttpRequest, obj: Article) -> HttpResponse | None:
        if "_submit" in request.POST:
            views.send_again(request, obj)
            return HttpResponseRedirect(request.path)
        if block := BLOCK_TYPES.get(request.POST.get("_block", "")):  # without scripts: the draft is saved
            return HttpResponseRedirect(new_block_link(obj, block))
        pages = {"_review": "admin:education_article_review", "_preview": "admin:education_article_preview"}
        for button, url_name in pages.items():
            if button in request.POST:
                return HttpResponseRedirect(reverse(url_name, args=[obj.pk]))
        return None

    def get_urls(self) -> list[URLPattern]:
        return [*views.addresses(), *finding.addresses(), *commenting.addresses(), *super().get_urls()]


@admin.register(Topic)
class TopicAdmin(SignedWordsAdmin[Topic]):
    list_display = ["title", "slug", "order"]
    fields = ["title", "slug", "summary", "more", "order", "shelf"]
    prepopulated_fields = {"slug": ["title"]}

    class Media:
        js = [Script(f"js/{name}.js", type="module") for name in ("topic-order", "ordered")]

    def get_form(self, request: HttpRequest, obj: Topic | None = None, change: bool = False, **kwargs: Any) -> Any:
        """With the pages of the topic, for the list in which they are put in order."""
        widgets, help_texts = {"summary": forms.Textarea(attrs={"rows": 3})}, {"order": PLACE_HELP}
        form: Any = super().get_form(request, obj, change, widgets=widgets, help_texts=help_texts, **kwargs)
        if obj and "shelf" in form.base_fields:
            pages = list(obj.articles.order_by("title").values_list("slug", "title"))
            form.base_fields["shelf"].widget.attrs["data-pages"] = json.dumps(pages)
        return form

    def get_prepopulated_fields(self, request: HttpRequest, obj: Topic | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        moves.topic_saved(obj, old_slug=form.initial.get("slug", ""), by=staff(request))
