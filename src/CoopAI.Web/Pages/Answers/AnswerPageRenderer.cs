using System.Diagnostics;
using System.Text.Encodings.Web;
using CoopAI.Core.Briefs;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CoopAI.Web.Pages.Answers;

/// <summary>Renders the page of an answer that is not recorded yet, as its asker will get it, so that the rule on accessibility judges the real page.</summary>
public sealed class AnswerPageRenderer(
    IRazorViewEngine engine, IRazorPageActivator activator, HtmlEncoder encoder, DiagnosticListener diagnostics, IModelMetadataProvider metadata, ITempDataDictionaryFactory tempData)
{
    private const string Path = "/Pages/Answers/Answer.cshtml";
    private const string Start = "/Pages/_ViewStart.cshtml";

    /// <param name="http">The request that the question came with.</param>
    /// <returns>The whole HTML document.</returns>
    public async Task<string> RenderAsync(Answer answer, HttpContext http)
    {
        var page = (Page)PageAt(Path);
        var model = ActivatorUtilities.CreateInstance<AnswerModel>(http.RequestServices);
        model.Show(answer);
        var context = new PageContext(new ActionContext(http, new RouteData(), new CompiledPageActionDescriptor()))
        {
            ViewData = new ViewDataDictionary<AnswerModel>(metadata, new ModelStateDictionary()) { Model = model },
        };
        (model.PageContext, page.PageContext) = (context, context);
        using var html = new StringWriter();
        var view = new RazorView(engine, activator, [PageAt(Start)], new RazorPageAdapter(page, typeof(AnswerModel)), encoder, diagnostics);
        var rendering = new ViewContext(context, view, context.ViewData, tempData.GetTempData(http), html, new HtmlHelperOptions());
        page.ViewContext = rendering;
        // The view activates its adapter only; a request's page is activated where it is made.
        activator.Activate(page, rendering);
        await view.RenderAsync(rendering);
        return html.ToString();
    }

    private IRazorPage PageAt(string path) => engine.GetPage("/", path).Page ?? throw new InvalidOperationException($"There is no page at {path}.");
}
