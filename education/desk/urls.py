from django.urls import path

from education.desk import views, words_views

urlpatterns = [
    path("desk/load-examples/", views.load_examples, name="desk_load_examples"),
    path("desk/remove-examples/", views.remove_examples, name="desk_remove_examples"),
    path("drawings/", views.drawings, name="drawings"),
    path("words-waiting/", words_views.waiting, name="words_waiting"),
    path("words-waiting/sign/", words_views.sign, name="words_sign"),
    path("desk/dismiss-mail/", views.dismiss_mail, name="desk_dismiss_mail"),
    path("desk/retry-mail/", views.retry_mail, name="desk_retry_mail"),
    path("review-board/", views.board, name="review_board"),
]
