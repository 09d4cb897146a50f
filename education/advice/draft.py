"""Everything that advice says about one draft, each part computed once."""

from functools import cached_property

from django.urls import reverse

from education.advice import pemat
from education.advice.counting import PageMetrics
from education.advice.models import Judgement, PlainWord
from education.advice.reading import Advice, advise_on
from education.articles.content.canonical import content_of, draft_blocks, sha256
from education.articles.content.pieces import HEAD, Piece, pieces
from education.articles.editing.screen import block_links
from education.articles.models import Article
from education.core.text import folded
from education.glossary.models import Term


class DraftAdvice:
    def __init__(self, article: Article) -> None:
        self.article = article
        self.blocks = draft_blocks(article)
        self.content = content_of(article, self.blocks)
        self.sha256 = sha256(self.content)

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces(self.content)

    @cached_property
    def advice(self) -> Advice:
        words = list(PlainWord.objects.all())
        swaps = {word.phrase: word.swap for word in words if word.swap}
        return advise_on(self.pieces, unavoidable=[word.phrase for word in words if not word.swap], swaps=swaps)

    @cached_property
    def domains(self) -> list[pemat.DomainScore]:
        explained = {folded(name) for term in Term.objects.all() for name in term.names}
        unexplained = [term for term in self.advice.terms if folded(term) not in explained]
        page = PageMetrics(self.content, self.pieces, self.advice, unexplained)
        return pemat.assess(page, Judgement.objects.filter(article=self.article), self.sha256)

    @property
    def items(self) -> list[pemat.JudgedItem]:
        return list(pemat.all_items(self.domains))

    @cached_property
    def edit_links(self) -> list[str]:
        return block_links(self.article, self.blocks)

    def edit_link(self, block: int) -> str:
        """The address at which the block with this index is edited; for HEAD, the summary."""
        if block == HEAD:
            return f"{reverse('admin:education_article_change', args=[self.article.pk])}#id_summary"
        return self.edit_links[block]
