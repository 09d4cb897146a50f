"""Writing in the admin: the stock change form with blocks, and screens to preview, publish and restore."""

from typing import Any

from content_editor.admin import ContentEditor, ContentEditorInline
from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from js_asset import Media, Script

from education.articles import actions
from education.articles.block_forms import BLOCK_FORMS
from education.articles.blocks import BLOCKS
from education.articles.content import draft_content, sha256
from education.articles.forms import PublishForm
from education.articles.models import Article, Edition, Topic
from education.articles.render import render as render_content
from education.articles.views import article_context
from education.core.http import no_store
from education.references.actions import UnknownReference

# The two style elements that the block editor and the rich-text editor insert by script, by their hashes.
EDITOR_STYLES = [
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    "'sha256-N1v+9oYdxeZd/nv2iKYNMLWqP5BlGZff7wM0R1mK4ws='",
]


class BlockInline(ContentEditorInline):  # type: ignore[misc]
    """Whoever may change the article may change its blocks."""

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("education.view_article")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("education.change_article")

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("education.change_article")

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("education.change_article")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The pictures to choose from are asked for once a request, however many figures the page has."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "picture":
            if not hasattr(request, "picture_choices"):
                request.picture_choices = list(field.choices)  # type: ignore[attr-defined]
            field.choices = request.picture_choices  # type: ignore[attr-defined]
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "picture":
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("changed", "Not published as it is"), ("live", "Published"), ("unreviewed", "Not reviewed")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "changed":
            return queryset.with_unpublished_changes()
        if self.value() == "unreviewed":
            return queryset.not_reviewed()
        return queryset.published() if self.value() == "live" else queryset


@admin.register(Article)
class ArticleAdmin(ContentEditor):  # type: ignore[misc]
    change_form_template = "admin/articles/change_form.html"
    inlines = [BlockInline.create(model, form=BLOCK_FORMS.get(model, forms.ModelForm)) for model in BLOCKS]
    list_display = ["title", "topic", "kind", "state", "updated_at"]
    list_filter = [StateFilter, "topic", "kind"]
    list_select_related = ["topic", "current_edition"]
    search_fields = ["title", "aliases", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (None, {"fields": ["title", "summary"]}),
        (
            "Where it lives",
            {"classes": ["collapse"], "fields": ["topic", "kind", "slug", "language", "aliases", "author"]},
        ),
    ]

    @admin.display(description="state")
    def state(self, article: Article) -> str:
        if not article.current_edition:
            return "Draft, not published"
        live = f"Edition {article.current_edition.number} is live"
        return f"{live}; draft has changes" if article.has_unpublished_changes else live

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        widgets = {"summary": forms.Textarea(attrs={"rows": 3}), "aliases": forms.Textarea(attrs={"rows": 5})}
        return super().get_form(request, obj, change, widgets=widgets, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """The address of a published page is fixed: other pages, and patients, point at it."""
        return ["topic", "kind", "slug"] if obj and obj.current_edition_id else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        return {} if obj and obj.current_edition_id else dict(self.prepopulated_fields)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        if obj:
            return self.fieldsets
        return [(None, {"fields": ["title", "summary", "topic", "kind", "slug", "language", "aliases", "author"]})]

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What patients have read stays provable: only a draft that was never published can be deleted."""
        return bool(obj and not obj.editions.exists() and request.user.has_perm("education.change_article"))

    @method_decorator(csp_update({"style-src": EDITOR_STYLES}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Articles", **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> TemplateResponse:
        obj: Article | None = kwargs.get("obj")
        context["may_publish"] = bool(obj and request.user.has_perm("education.publish_article"))
        context["title"] = "Edit article" if obj else "New article"
        context["state"] = self.state(obj) if obj else ""
        response: TemplateResponse = super().render_change_form(request, context, **kwargs)
        data = response.context_data or {}
        media = data["media"] + Media(
            css={"all": ["css/block-editor.css"]}, js=[Script("js/block-editor.js", type="module")]
        )
        # The import map of the editors is an inline script, which the policy allows by its nonce only.
        nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
        data["media"] = Media.from_media(media, nonce=nonce)
        return response

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Only what the form holds: a publication that came in between must not be undone."""
        obj.save(update_fields=[*form.cleaned_data, "updated_at"] if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actions.draft_saved(form.instance, by=request.user)  # type: ignore[arg-type]

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._after_save(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._after_save(request, obj) or super().response_add(request, obj, post_url_continue)

    def _after_save(self, request: HttpRequest, obj: Article) -> HttpResponse | None:
        for button, name in (("_publish", "publish"), ("_preview", "preview")):
            if button in request.POST:
                return HttpResponseRedirect(reverse(f"admin:education_article_{name}", args=[obj.pk]))
        return None

    def get_urls(self) -> list[URLPattern]:
        views = {"preview": self.preview_view, "publish": self.publish_view, "editions": self.editions_view}
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"education_article_{name}")
            for name, view in views.items()
        ]
        restore = path(
            "<int:pk>/editions/<int:number>/restore/",
            self.admin_site.admin_view(self.restore_view),
            name="education_article_restore",
        )
        return [*own, restore, *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as patients would see it."""
        article = self._article(request, pk, "education.view_article")
        try:
            html, _ = render_content(draft_content(article))
        except UnknownReference as error:
            return self._refused(request, article, [str(error)])
        edition = Edition(
            article=article,
            number=0,
            title=article.title,
            summary=article.summary,
            html=html,
            author=str(article.author or ""),
            published_at=timezone.now(),
        )
        return no_store(render)(
            request, "articles/article.html", article_context(article, edition) | {"is_preview": True, "draft": article}
        )  # type: ignore[return-value]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._article(request, pk, "education.publish_article")
        form = PublishForm(request.POST if request.method == "POST" else None)
        reasons = actions.reasons_against(article)
        if not reasons and form.is_valid():
            edition = actions.publish(article, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
            messages.success(request, f"Edition {edition.number} of “{edition.title}” is live.")
            return HttpResponseRedirect(reverse("admin:education_article_change", args=[pk]))
        same = bool(article.current_edition and article.current_edition.sha256 == sha256(draft_content(article)))
        context = self._screen(request, article, "Publish") | {"form": form, "reasons": reasons, "nothing_new": same}
        return render(request, "admin/articles/publish.html", context)

    def editions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._article(request, pk, "education.view_article")
        context = self._screen(request, article, "Editions") | {"editions": article.editions.all()}
        return render(request, "admin/articles/editions.html", context)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        article = self._article(request, pk, "education.change_article")
        if request.method == "POST":
            edition = get_object_or_404(Edition, article=article, number=number)
            actions.restore(edition, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request, f"The words of edition {number} are in the draft now. The public page is unchanged."
            )
        return HttpResponseRedirect(reverse("admin:education_article_change", args=[pk]))

    def _article(self, request: HttpRequest, pk: int, permission: str) -> Article:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(Article.objects.select_related("topic", "author", "current_edition"), pk=pk)

    def _screen(self, request: HttpRequest, article: Article, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "article": article, "title": title, "opts": self.opts}

    def _refused(self, request: HttpRequest, article: Article, reasons: list[str]) -> HttpResponse:
        context = self._screen(request, article, "Preview") | {"reasons": reasons}
        return render(request, "admin/articles/refused.html", context)


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    list_display = ["title", "slug", "order"]
    prepopulated_fields = {"slug": ["title"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[str]:
        """Published pages live below it."""
        return ["slug"] if obj and obj.articles.published().exists() else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Topic | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actions.topic_saved(obj, by=request.user)  # type: ignore[arg-type]
