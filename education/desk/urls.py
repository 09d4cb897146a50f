from django.urls import path

from education.desk import views

urlpatterns = [
    path("desk/load-examples/", views.load_examples, name="desk_load_examples"),
    path("drawings/", views.drawings, name="drawings"),
    path("review-board/", views.board, name="review_board"),
]
